package io.anywire.messaging.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.call.InFlight;
import io.anywire.messaging.deliver.Serving;
import io.anywire.messaging.deliver.Settling;
import io.anywire.messaging.envelope.Counted;
import io.anywire.messaging.envelope.Places;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Request;
import io.anywire.wire.ServedMethod;
import io.anywire.wire.Services;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Serves the calls to one service that arrive through its queue.
 *
 * <ul>
 *   <li>At most {@code inFlight} calls run; as many again may wait, the rest stays in the broker.
 *   <li>A request is settled before it is handled, so it is handled at most once; one whose method
 *       is idempotent by contract is settled after the reply, so a server that dies meanwhile
 *       leaves it to another.
 *   <li>Every status is a reply; nothing is retried or dead-lettered. What cannot be decoded, or
 *       names nobody to reply to, is counted and dropped.
 *   <li>A call whose deadline has passed is not started.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class RpcServer implements Serving {
  private static final long LONGEST_MICROS = TimeUnit.DAYS.toMicros(3650);

  private final Broker broker;
  private final String service;
  private final Services services;
  private final Admission admission;
  private final InFlight inFlight = new InFlight();
  private final CallerClocks clocks = new CallerClocks();
  private final Set<Running> running = ConcurrentHashMap.newKeySet();
  private final Counted malformed;
  private final Counted unanswered;
  private final Subscription subscription;

  /** Subscribes to the call queue of {@code service}, and serves. */
  public RpcServer(Broker broker, String service, Services services, int inFlight) {
    this.broker = broker;
    this.service = service;
    this.services = services;
    this.admission = new Admission(inFlight);
    Topic queue = Places.calls(service);
    this.malformed = new Counted("Dropped a request that cannot be decoded", queue.name());
    this.unanswered = new Counted("Dropped a reply that could not be sent", queue.name());
    this.subscription = broker.subscribe(queue, Topic.WORKERS, inFlight, this::receive);
  }

  /** How many requests were dropped because they could not be decoded. */
  public long malformed() {
    return malformed.total();
  }

  @Override
  public void stop() {
    subscription.stop();
  }

  @Override
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    return inFlight.awaitIdle(limit);
  }

  /**
   * Cancels what still runs; its callers are told {@code UNAVAILABLE}, unless the request goes to
   * another server.
   */
  @Override
  public void close() {
    subscription.stop();
    for (int i = admission.clear(); i > 0; i--) {
      inFlight.exit();
    }
    running.forEach(Running::interrupt);
    subscription.close();
  }

  private void receive(Delivery delivery) {
    try {
      Frame frame = Frame.parseFrom(delivery.message().payload());
      Request request = frame.getRequest();
      if (frame.getCallId() == 0
          || request.getMethod().isEmpty()
          || request.getReplyTo().isEmpty()) {
        drop(delivery, "a frame without call id, method or inbox");
        return;
      }
      serve(delivery, frame, Frames.metadata(request.getMetadataList()));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      drop(delivery, String.valueOf(e.getMessage()));
    }
  }

  private void drop(Delivery delivery, String reason) {
    malformed.add(reason);
    Settling.settle(delivery, Outcome.DONE);
  }

  private void serve(Delivery delivery, Frame frame, Metadata headers) {
    Request request = frame.getRequest();
    Optional<ServedMethod<?, ?>> method =
        request.getMethod().startsWith(service + "/")
            ? services.method(request.getMethod())
            : Optional.empty();
    if (method.isEmpty()) {
      refuse(delivery, frame, "no method " + request.getMethod() + " is served here");
    } else if (!isUnary(method.get()) || !frame.hasMessage() || !frame.getHalfClose()) {
      refuse(delivery, frame, request.getMethod() + " streams, and calls over a queue are unary");
    } else {
      Running call = new Running(delivery, frame, method.get());
      Optional<Deadline> deadline = deadline(request);
      inFlight.enter();
      admission.enter(() -> call.begin(headers, deadline));
    }
  }

  private static boolean isUnary(ServedMethod<?, ?> method) {
    return method.descriptor().getType().clientSendsOneMessage()
        && method.descriptor().getType().serverSendsOneMessage();
  }

  private void refuse(Delivery delivery, Frame request, String reason) {
    Settling.settle(delivery, Outcome.DONE);
    reply(request, statusFrame(request, Status.UNIMPLEMENTED.withDescription(reason)));
  }

  private static Frame statusFrame(Frame request, Status status) {
    return Frame.newBuilder()
        .setCallId(request.getCallId())
        .setStatus(Frames.status(status, new Metadata()))
        .build();
  }

  private void reply(Frame request, Frame reply) {
    int limit = broker.capabilities().maxMessageBytes();
    int size = reply.getSerializedSize();
    Status tooLarge =
        Status.RESOURCE_EXHAUSTED.withDescription(
            "a reply of " + size + " bytes (expected: <= " + limit + ")");
    try {
      broker.send(
          request.getRequest().getReplyTo(),
          Frames.message(size <= limit ? reply : statusFrame(request, tooLarge)));
    } catch (StatusRuntimeException e) {
      unanswered.add(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Deadline> deadline(Request request) {
    long timeout = request.getTimeoutMicros();
    if (timeout == 0) {
      return Optional.empty();
    }
    long waited =
        clocks.waited(request.getReplyTo(), request.getSentAtMillis(), System.currentTimeMillis());
    long bounded = timeout < 0 ? LONGEST_MICROS : Math.min(timeout, LONGEST_MICROS);
    long left = bounded - TimeUnit.MILLISECONDS.toMicros(Math.min(waited, bounded));
    return Optional.of(Deadline.after(left, TimeUnit.MICROSECONDS));
  }

  /** A call that was taken in. */
  private final class Running {
    private final Delivery delivery;
    private final Frame request;
    private final boolean repeatable;
    private final InboundQueueCall<?, ?> call;
    private final AtomicBoolean over = new AtomicBoolean();

    Running(Delivery delivery, Frame request, ServedMethod<?, ?> method) {
      this.delivery = delivery;
      this.request = request;
      this.repeatable =
          method.contract().map(contract -> contract.idempotency().repeatable()).orElse(false);
      this.call =
          new InboundQueueCall<>(method, request.getCallId(), this::answer, ended -> over());
    }

    void begin(Metadata headers, Optional<Deadline> deadline) {
      running.add(this);
      if (repeatable) {
        start(headers, deadline);
        return;
      }
      // Only what is acknowledged is handled: another server may have been given it otherwise.
      var unused =
          Settling.started(() -> delivery.settle(Outcome.DONE))
              .whenComplete((settled, failure) -> {
                if (failure == null) {
                  start(headers, deadline);
                } else {
                  over();
                }
              });
    }

    private void start(Metadata headers, Optional<Deadline> deadline) {
      call.begin(headers, deadline.orElse(null), request.getMessage());
    }

    void interrupt() {
      Status status = Status.UNAVAILABLE.withDescription("the server is shutting down");
      if (!repeatable) {
        reply(request, statusFrame(request, status));
      }
      call.cancel(status);
    }

    private void answer(Frame frame) {
      reply(request, frame);
      if (repeatable) {
        Settling.settle(delivery, Outcome.DONE);
      }
    }

    private void over() {
      if (over.compareAndSet(false, true)) {
        running.remove(this);
        admission.leave();
        inFlight.exit();
      }
    }
  }
}
