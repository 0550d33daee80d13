package io.anywire.http.grpc;

import io.anywire.call.InboundCall;
import io.anywire.wire.ServedMethod;
import io.anywire.wire.Services;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What every gRPC port answers beside its services: health, and reflection in both of its versions,
 * by grpc-java's own implementations. Their calls do not hold up a drain: streams are ended when it
 * begins, and none begins after it. Thread-safe.
 */
final class BuiltIn implements CallOwner {
  private static final Status STOPPING =
      Status.UNAVAILABLE.withDescription("the server is stopping");

  private final HealthStatusManager health = new HealthStatusManager();
  private final Services services;
  private final Set<InboundCall<?, ?>> running = ConcurrentHashMap.newKeySet();

  /**
   * Held while a call begins, so that each either is there to be ended or sees {@link #stopped}.
   */
  private final ReentrantLock beginning = new ReentrantLock();

  private boolean stopped;

  BuiltIn(Services served) {
    ServerView view = new ServerView();
    services =
        Services.of(
            List.of(
                health.getHealthService(),
                ProtoReflectionServiceV1.newInstance(),
                ProtoReflectionService.newInstance()),
            List.of(view));
    view.show(served.definitions());
    view.show(services.definitions());
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    served
        .definitions()
        .forEach(d -> health.setStatus(d.getServiceDescriptor().getName(), ServingStatus.SERVING));
  }

  Services services() {
    return services;
  }

  /** Says NOT_SERVING to whoever asks or watches, and ends the streams. */
  void stop() {
    beginning.lock();
    try {
      if (stopped) {
        return;
      }
      stopped = true;
    } finally {
      beginning.unlock();
    }
    health.enterTerminalState();
    running.forEach(BuiltIn::end);
  }

  /**
   * Begins a call of one of these methods.
   *
   * @throws io.grpc.StatusRuntimeException {@code UNAVAILABLE} for a stream after {@link #stop}
   */
  @Override
  public void begin(ServedMethod<?, ?> method, Runnable start) {
    beginning.lock();
    try {
      if (stopped && method.descriptor().getType() != MethodType.UNARY) {
        throw STOPPING.asRuntimeException();
      }
      start.run();
    } finally {
      beginning.unlock();
    }
  }

  @Override
  public void begun(InboundCall<?, ?> call) {
    running.add(call);
  }

  @Override
  public void released(InboundCall<?, ?> call) {
    running.remove(call);
  }

  private static void end(InboundCall<?, ?> call) {
    try {
      call.close(STOPPING, new Metadata());
    } catch (IllegalStateException e) {
      // It has just ended by itself.
    }
  }
}
