package io.anywire.http;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.grpc.ManagedChannel;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A server of the {@link ProbeHandler} on a free port, and a channel that we did not write. */
public final class RunningProbe implements AutoCloseable {
  /** What is served. */
  public final ProbeHandler handler = new ProbeHandler();

  private final Anywire anywire = Anywire.builder().build();

  /** The server. */
  public final AnywireServer server;

  /** Its port. */
  public final int port;

  /** A plain grpc-java channel to it. */
  public final ManagedChannel channel;

  /** Starts it. */
  public RunningProbe(ServerInterceptor... interceptors) {
    this("", interceptors);
  }

  /** Starts it with parameters of its URL: {@code max-message=1KiB}. */
  public RunningProbe(String parameters, ServerInterceptor... interceptors) {
    AnywireServer.Builder builder = anywire.server().service(handler);
    for (ServerInterceptor interceptor : interceptors) {
      builder.interceptor(interceptor);
    }
    String query = parameters.isEmpty() ? "" : "?" + parameters;
    server =
        builder.drainLimit(Duration.ofSeconds(20)).listen("http://127.0.0.1:0" + query).start();
    port = server.urls().getFirst().host().port();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  @Override
  public void close() throws InterruptedException {
    handler.release.complete(null);
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    anywire.close();
  }
}
