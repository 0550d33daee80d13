package io.anywire.bench;

import io.anywire.bench.v1.GreeterGrpc;
import io.anywire.bench.v1.GreeterGrpc.GreeterBlockingStub;
import io.anywire.bench.v1.HelloReply;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLException;

/** The reply that every gRPC server is to give, and the client that asks for it once. */
final class Greeting {
  /** Whom to greet. */
  static final String NAME = "world";

  /** How. */
  static final HelloReply REPLY = HelloReply.newBuilder().setMessage("Hello, world").build();

  /** Long: the first call of a process, maybe on a busy machine. */
  private static final int TIMEOUT_SECONDS = 60;

  private Greeting() {}

  /**
   * Makes one call.
   *
   * @throws BenchException if it fails, or returns something other than {@code expected}
   */
  static <T> void require(T expected, Target target, Function<GreeterBlockingStub, T> call)
      throws InterruptedException {
    ManagedChannel channel = channel(target);
    try {
      T got =
          call.apply(
              GreeterGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS));
      if (!got.equals(expected)) {
        throw new BenchException("reply: %s (expected: %s)".formatted(got, expected));
      }
    } catch (StatusRuntimeException e) {
      throw new BenchException("reply: %s (expected: %s)".formatted(e.getStatus(), expected));
    } finally {
      channel.shutdownNow().awaitTermination(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static ManagedChannel channel(Target target) {
    var builder = NettyChannelBuilder.forAddress("127.0.0.1", target.port());
    if (target.tls().isEmpty()) {
      return builder.usePlaintext().build();
    }
    try {
      var trusted = target.tls().get().certificate().toFile();
      return builder.sslContext(GrpcSslContexts.forClient().trustManager(trusted).build()).build();
    } catch (SSLException e) {
      throw new BenchException("cannot trust the server's certificate: " + e);
    }
  }
}
