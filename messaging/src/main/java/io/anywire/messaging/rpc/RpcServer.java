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
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves the calls to one service that arrive through its queue.
 *
 * <ul>
 *   <li>At most {@code inFlight} calls run; as many again may wait, the rest stays in the broker.
 *   <li>A request is settled before it is handled, so it is handled at most once. That of a unary
 *       call whose method is idempotent by contract, or that carries an {@code idempotency-key}, is
 *       settled after the reply, so a server that dies meanwhile leaves it to another.
 *   <li>Every status is a reply; nothing is retried or dead-lettered. What cannot be decoded, or
 *       names nobody to reply to, is counted and dropped.
 *   <li>A call whose deadline has passed is not started.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class RpcServer implements Serving {
  private static final long LONGEST_MICROS = TimeUnit.DAYS.toMicros(3650);

  private static final Metadata.Key<String> IDEMPOTENCY_KEY =
      Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER);

  private final String service;
  private final Services services;
  private final ServingInbox inbox;
  private final LongSupplier clock;
  private final Answers answers;
  private final Admission admission;
  private final InFlight inFlight = new InFlight();
  private final CallerClocks clocks = new CallerClocks();
  private final Counted malformed;
  private final Subscription subscription;

  /**
   * Subscribes to the call queue of {@code service}, and serves.
   *
   * @param inbox where callers send what follows their first frames; remains the caller's to close
   */
  public RpcServer(
      Broker broker, String service, Services services, int inFlight, ServingInbox inbox) {
    this(broker, service, services, inFlight, inbox, System::currentTimeMillis);
  }

  /**
   * The same by another clock.
   *
   * @param clock milliseconds since 1970
   */
  RpcServer(
      Broker broker,
      String service,
      Services services,
      int inFlight,
      ServingInbox inbox,
      LongSupplier clock) {
    this.service = service;
    this.services = services;
    this.inbox = inbox;
    this.clock = clock;
    this.admission = new Admission(inFlight);
    Topic queue = Places.calls(service);
    this.answers = new Answers(broker, queue.name());
    this.malformed = new Counted("Dropped a request that cannot be decoded", queue.name());
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
    inbox.interrupt(this, Status.UNAVAILABLE.withDescription("the server is shutting down"));
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
    String name = frame.getRequest().getMethod();
    Optional<ServedMethod<?, ?>> method =
        name.startsWith(service + "/") ? services.method(name) : Optional.empty();
    Taken taken = new Taken(delivery, frame, headers, deadline(frame.getRequest()), answers);
    if (method.isEmpty()) {
      taken.settle();
      String reason = "no method " + name + " is served here";
      taken.answer(Frames.ended(Status.UNIMPLEMENTED.withDescription(reason)));
    } else {
      admit(method.get(), taken);
    }
  }

  private void admit(ServedMethod<?, ?> method, Taken taken) {
    long id = inbox.nextId();
    ServedCall call = call(method, taken, id);
    inFlight.enter();
    admission.enter(() -> {
      inbox.enter(id, this, call);
      call.begin();
    });
  }

  private ServedCall call(ServedMethod<?, ?> method, Taken taken, long id) {
    Frame first = taken.frame();
    boolean unary =
        method.descriptor().getType() == MethodType.UNARY
            && first.hasMessage()
            && first.getHalfClose();
    return unary
        ? new InboundUnaryCall<>(method, taken, isRepeatable(method, taken), () -> over(id))
        : new InboundStreamCall<>(
            method, taken, heartbeatMillis(first), () -> inbox.serving(id), () -> over(id));
  }

  private void over(long id) {
    inbox.leave(id);
    admission.leave();
    inFlight.exit();
  }

  private static boolean isRepeatable(ServedMethod<?, ?> method, Taken taken) {
    return taken.headers().containsKey(IDEMPOTENCY_KEY)
        || method.contract().map(contract -> contract.idempotency().repeatable()).orElse(false);
  }

  private static int heartbeatMillis(Frame first) {
    return (int)
        Math.clamp(
            Integer.toUnsignedLong(first.getRequest().getHeartbeatMillis()),
            Places.LEAST_HEARTBEAT.toMillis(),
            Places.MOST_HEARTBEAT.toMillis());
  }

  private @Nullable Deadline deadline(Request request) {
    long timeout = request.getTimeoutMicros();
    if (timeout == 0) {
      return null;
    }
    long waited = clocks.waited(request.getReplyTo(), request.getSentAtMillis(), clock.getAsLong());
    long bounded = timeout < 0 ? LONGEST_MICROS : Math.min(timeout, LONGEST_MICROS);
    long left = bounded - TimeUnit.MILLISECONDS.toMicros(Math.min(waited, bounded));
    return Deadline.after(left, TimeUnit.MICROSECONDS);
  }
}
