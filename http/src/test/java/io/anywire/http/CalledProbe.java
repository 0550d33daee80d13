package io.anywire.http;

import io.anywire.Anywire;
import io.grpc.Channel;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.util.TransmitStatusRuntimeExceptionInterceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/** A {@link ProbeHandler} behind one server, and one channel that calls it. */
public final class CalledProbe implements AutoCloseable {
  /** What is served. */
  public final ProbeHandler handler;

  /** What calls it. */
  public final Channel channel;

  private final AutoCloseable[] parts;

  private CalledProbe(ProbeHandler handler, Channel channel, AutoCloseable... parts) {
    this.handler = handler;
    this.channel = channel;
    this.parts = parts;
  }

  /** grpc-java's channel and our server. */
  public static CalledProbe byGrpcJava(ServerInterceptor interceptor) {
    RunningProbe probe = new RunningProbe(interceptor);
    return new CalledProbe(probe.handler, probe.channel, probe);
  }

  /** Our channel and our server. */
  public static CalledProbe byUs(ServerInterceptor interceptor) {
    RunningProbe probe = new RunningProbe(interceptor);
    Anywire anywire = Anywire.builder().build();
    Channel channel = anywire.channel("grpc://127.0.0.1:" + probe.port);
    return new CalledProbe(probe.handler, channel, anywire, probe);
  }

  /** Our channel and grpc-java's server. */
  public static CalledProbe atGrpcJava(ServerInterceptor interceptor) {
    ProbeHandler handler = new ProbeHandler();
    Server server = started(handler, interceptor);
    Anywire anywire = Anywire.builder().build();
    Channel channel = anywire.channel("grpc://127.0.0.1:" + server.getPort());
    return new CalledProbe(
        handler,
        channel,
        () -> handler.release.complete(null),
        anywire,
        () -> server.shutdownNow().awaitTermination());
  }

  private static Server started(ProbeHandler handler, ServerInterceptor interceptor) {
    try {
      return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
          .addService(
              ServerInterceptors.intercept(
                  handler, interceptor, TransmitStatusRuntimeExceptionInterceptor.instance()))
          .build()
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable part : parts) {
      part.close();
    }
  }
}
