package io.anywire.interop;

import io.anywire.Anywire;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A channel from a URL, with an end of its own: that of the application that gave it. */
final class ChannelByUrl extends ManagedChannel {
  private final Anywire anywire;
  private final Channel channel;
  private volatile CompletableFuture<Void> closing = new CompletableFuture<>();
  private volatile boolean shutdown;

  ChannelByUrl(Anywire anywire, Channel channel) {
    this.anywire = anywire;
    this.channel = channel;
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> newCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    return new TracedCall<>(method, options, channel.newCall(method, options));
  }

  @Override
  public String authority() {
    return channel.authority();
  }

  @Override
  public ManagedChannel shutdown() {
    if (!shutdown) {
      shutdown = true;
      closing = CompletableFuture.runAsync(anywire::close);
    }
    return this;
  }

  @Override
  public ManagedChannel shutdownNow() {
    return shutdown();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return closing.isDone();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    try {
      closing.get(timeout, unit);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
