package io.anywire.http.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.InternalServer;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Shows our services to grpc-java's reflection, which looks for them in the {@link Server} that it
 * finds in the call's context. It is no server otherwise: its life is somebody else's. Thread-safe.
 */
final class ServerView extends Server implements ServerInterceptor {
  private final List<ServerServiceDefinition> services = new CopyOnWriteArrayList<>();

  /** Shows these services too. */
  void show(List<ServerServiceDefinition> more) {
    services.addAll(more);
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    Context withServer = Context.current().withValue(InternalServer.SERVER_CONTEXT_KEY, this);
    return Contexts.interceptCall(withServer, call, headers, next);
  }

  @Override
  public List<ServerServiceDefinition> getServices() {
    return List.copyOf(services);
  }

  @Override
  public List<ServerServiceDefinition> getImmutableServices() {
    return getServices();
  }

  @Override
  public Server start() {
    throw new UnsupportedOperationException("not a server of its own");
  }

  @Override
  public Server shutdown() {
    throw new UnsupportedOperationException("not a server of its own");
  }

  @Override
  public Server shutdownNow() {
    throw new UnsupportedOperationException("not a server of its own");
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    throw new UnsupportedOperationException("not a server of its own");
  }

  @Override
  public void awaitTermination() {
    throw new UnsupportedOperationException("not a server of its own");
  }
}
