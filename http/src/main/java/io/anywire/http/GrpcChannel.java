package io.anywire.http;

import io.anywire.WireUrl.HostPort;
import io.anywire.call.Threads;
import io.anywire.wire.Explanation;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC channel to one address: grpc-java's own, without its retries, since these are one owner's
 * and it is another. While calls run, a server that is silent for {@value #KEEP_ALIVE_SECONDS} s
 * and does not answer a PING within {@value #KEEP_ALIVE_LIMIT_SECONDS} s is gone: they end {@code
 * UNAVAILABLE}. Thread-safe.
 */
final class GrpcChannel extends ManagedChannel {
  private static final int KEEP_ALIVE_SECONDS = 30;
  private static final int KEEP_ALIVE_LIMIT_SECONDS = 10;

  private final HostPort target;
  private final ManagedChannel channel;

  GrpcChannel(HostPort target) {
    this.target = target;
    this.channel =
        NettyChannelBuilder.forAddress(target.host(), target.port())
            .usePlaintext()
            .disableRetry()
            .defaultLoadBalancingPolicy("pick_first")
            .executor(Threads.VIRTUAL)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_LIMIT_SECONDS, TimeUnit.SECONDS)
            .keepAliveWithoutCalls(false)
            .build();
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> newCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    Explanation.say(options, "wire", "gRPC over HTTP/2, without TLS");
    Explanation.say(options, "target", target.toString());
    Explanation.say(options, "route", "POST /" + method.getFullMethodName());
    Explanation.say(options, "codec", "protobuf");
    return channel.newCall(method, options);
  }

  @Override
  public String authority() {
    return channel.authority();
  }

  @Override
  public ConnectivityState getState(boolean requestConnection) {
    return channel.getState(requestConnection);
  }

  @Override
  public void notifyWhenStateChanged(ConnectivityState source, Runnable callback) {
    channel.notifyWhenStateChanged(source, callback);
  }

  @Override
  public ManagedChannel shutdown() {
    channel.shutdown();
    return this;
  }

  @Override
  public ManagedChannel shutdownNow() {
    channel.shutdownNow();
    return this;
  }

  @Override
  public boolean isShutdown() {
    return channel.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return channel.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return channel.awaitTermination(timeout, unit);
  }
}
