package io.anywire.bench;

import io.anywire.bench.v1.GreeterGrpc;
import io.anywire.bench.v1.HelloReply;
import io.anywire.bench.v1.HelloRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Unary gRPC calls by h2load: 8 connections with 32 streams each. h2load counts a gRPC error as a
 * good response (its HTTP status is 200), so the bytes of all replies are checked as well: an error
 * has none.
 */
final class GrpcLoad implements Load {
  private static final HelloRequest REQUEST = HelloRequest.newBuilder().setName("world").build();
  private static final HelloReply REPLY =
      HelloReply.newBuilder().setMessage("Hello, world").build();
  private static final int FRAME_HEADER = 5;
  private static final int IN_FLIGHT = 8 * 32;

  private final Path body;

  GrpcLoad() {
    byte[] message = REQUEST.toByteArray();
    ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER + message.length);
    frame.put((byte) 0).putInt(message.length).put(message);
    try {
      body = Files.write(Files.createTempFile("anywire-bench-", ".grpc"), frame.array());
      body.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the request's body", e);
    }
  }

  @Override
  public void verify(int port) throws InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      HelloReply reply =
          GreeterGrpc.newBlockingStub(channel)
              .withDeadlineAfter(10, TimeUnit.SECONDS)
              .sayHello(REQUEST);
      if (!reply.equals(REPLY)) {
        throw new BenchException("reply: %s (expected: %s)".formatted(reply, REPLY));
      }
    } catch (StatusRuntimeException e) {
      throw new BenchException("reply: %s (expected: %s)".formatted(e.getStatus(), REPLY));
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  @Override
  public LoadResult run(int port, Duration duration) throws InterruptedException {
    String output =
        Load.output(
            List.of(
                "h2load",
                "-t1",
                "-c8",
                "-m32",
                "-D",
                Long.toString(duration.toSeconds()),
                "-d",
                body.toString(),
                "-H",
                "content-type: application/grpc",
                "-H",
                "te: trailers",
                "http://127.0.0.1:"
                    + port
                    + "/"
                    + GreeterGrpc.getSayHelloMethod().getFullMethodName()));
    return parse(output);
  }

  /** Replies under way when the time is over may be counted in part. */
  @Override
  public void requireGood(LoadResult result) {
    result.requireAllGood();
    long replyBytes = FRAME_HEADER + REPLY.getSerializedSize();
    long missing = result.requests() * replyBytes - result.bodyBytes();
    if (Math.abs(missing) > IN_FLIGHT * replyBytes) {
      throw new BenchException(
          "%d bytes of replies to %d calls (expected: %d each)"
              .formatted(result.bodyBytes(), result.requests(), replyBytes));
    }
  }

  /** Reads h2load's summary. */
  static LoadResult parse(String output) {
    long failed =
        LoadResult.sum(output, "requests: .* (\\d+) failed, (\\d+) errored, (\\d+) timeout")
            + LoadResult.sum(output, "status codes: .* (\\d+) 3xx");
    return new LoadResult(
        LoadResult.sum(output, "requests: .* (\\d+) done"),
        failed,
        LoadResult.number(output, "finished in [^,]+, ([0-9.]+) req/s"),
        LoadResult.sum(output, "\\((\\d+)\\) data"),
        failed == 0 ? "" : LoadResult.lines(output, "^(requests|status codes):"));
  }
}
