package io.anywire.bench;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * gRPC calls by h2load, over {@value #CONNECTIONS} connections. h2load counts a gRPC error as a
 * good response (its HTTP status is 200), so the bytes of all replies are checked as well: an error
 * has none.
 */
final class H2Load {
  /** What stands before each message of gRPC, in bytes. */
  static final int FRAME_HEADER = 5;

  private static final int CONNECTIONS = 8;

  private final String path;
  private final Path body;
  private final int streams;
  private final long inFlight;
  private final long bytesPerCall;

  /**
   * @param streams at a time on each connection
   * @param bytesPerCall of the replies to one call, with their frames' headers
   */
  H2Load(MethodDescriptor<?, ?> method, Message request, int streams, long bytesPerCall) {
    this.path = "/" + method.getFullMethodName();
    this.body = frame(request.toByteArray());
    this.streams = streams;
    this.inFlight = (long) CONNECTIONS * streams;
    this.bytesPerCall = bytesPerCall;
  }

  /** Calls for {@code duration}. */
  LoadResult run(Target target, Duration duration) throws InterruptedException {
    return checked(parse(Load.output(command(target, duration))));
  }

  /**
   * Counts a call without its replies as failed. Those under way when the time is over may be
   * counted in part.
   */
  LoadResult checked(LoadResult result) {
    long missing = result.requests() * bytesPerCall - result.bodyBytes();
    if (Math.abs(missing) <= inFlight * bytesPerCall) {
      return result;
    }
    String failures =
        "%d bytes of replies to %d calls (expected: %d each) %s"
            .formatted(result.bodyBytes(), result.requests(), bytesPerCall, result.failures());
    long failed = Math.max(result.failed(), Math.ceilDiv(Math.abs(missing), bytesPerCall));
    return new LoadResult(
        result.requests(), failed, result.perSecond(), result.bodyBytes(), failures.strip());
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

  private List<String> command(Target target, Duration duration) {
    return List.of(
        "h2load",
        "-t1",
        "-c" + CONNECTIONS,
        "-m" + streams,
        "-D",
        Long.toString(duration.toSeconds()),
        "-d",
        body.toString(),
        "-H",
        "content-type: application/grpc",
        "-H",
        "te: trailers",
        target.url(path));
  }

  private static Path frame(byte[] message) {
    ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER + message.length);
    frame.put((byte) 0).putInt(message.length).put(message);
    try {
      Path file = Files.write(Files.createTempFile("anywire-bench-", ".grpc"), frame.array());
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the request's body", e);
    }
  }
}
