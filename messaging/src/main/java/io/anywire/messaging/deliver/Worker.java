package io.anywire.messaging.deliver;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.call.InFlight;
import io.anywire.contract.MethodContract;
import io.anywire.contract.TaskPolicy;
import io.anywire.messaging.envelope.Counted;
import io.anywire.messaging.envelope.Envelope;
import io.anywire.messaging.envelope.RpcStatus;
import io.anywire.wire.ServedMethod;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the messages of one subscription to handlers, and settles each when its handler has ended,
 * as {@link RetryRule} says. A message is not handed on, but given up, when
 *
 * <ul>
 *   <li>its expiry has passed: {@code DEADLINE_EXCEEDED};
 *   <li>{@value #MAX_CRASHES} deliveries ended without an outcome: a crash loop;
 *   <li>it has no type, or cannot be decoded: {@code INVALID_ARGUMENT}.
 * </ul>
 *
 * <p>At most {@code inFlight} messages are unsettled at a time. Thread-safe.
 */
public final class Worker implements Serving {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final int MAX_CRASHES = 10;

  private final String name;
  private final Map<String, ServedMethod<?, ?>> methods;
  private final Purpose purpose;
  private final Counted unknown;
  private final InFlight inFlight = new InFlight();
  private final Set<ReceivedCall<?, ?>> running = ConcurrentHashMap.newKeySet();
  private final Subscription subscription;

  /**
   * Subscribes, and begins.
   *
   * @param methods by the type of their messages
   */
  public Worker(
      Broker broker,
      Topic topic,
      String subscriptionName,
      Map<String, ServedMethod<?, ?>> methods,
      Purpose purpose,
      int inFlight) {
    this.name = topic.name() + "/" + subscriptionName;
    this.methods = Map.copyOf(methods);
    this.purpose = purpose;
    this.unknown =
        new Counted(
            purpose.events()
                ? "Acknowledged an event of a type that nobody here handles"
                : "Put off a task of a method that nobody here handles",
            name);
    this.subscription = broker.subscribe(topic, subscriptionName, inFlight, this::receive);
  }

  @Override
  public void stop() {
    subscription.stop();
  }

  @Override
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    return inFlight.awaitIdle(limit);
  }

  @Override
  public void close() {
    subscription.stop();
    io.grpc.Status reason =
        io.grpc.Status.UNAVAILABLE.withDescription("the worker is shutting down");
    running.forEach(call -> call.cancel(reason));
    subscription.close();
  }

  private void receive(Delivery delivery) {
    inFlight.enter();
    try {
      take(delivery);
    } catch (DateTimeException | IllegalArgumentException e) {
      giveUp(delivery, Code.INVALID_ARGUMENT, "malformed attributes: " + e.getMessage());
      inFlight.exit();
    }
  }

  private void take(Delivery delivery) {
    Message message = delivery.message();
    ServedMethod<?, ?> method = methods.get(message.type());
    if (message.type().isEmpty()) {
      giveUp(delivery, Code.INVALID_ARGUMENT, "a message without the attribute 'type'");
    } else if (message.expiry().map(Instant.now()::isAfter).orElse(false)) {
      giveUp(delivery, Code.DEADLINE_EXCEEDED, "expired at " + message.expiry().orElseThrow());
    } else if (method == null) {
      unknownType(delivery);
    } else if (delivery.crashes() >= MAX_CRASHES) {
      giveUp(
          delivery,
          Code.INTERNAL,
          "crash loop: " + delivery.crashes() + " deliveries ended without an outcome");
    } else if (method.descriptor().getType() != MethodType.UNARY) {
      giveUp(delivery, Code.UNIMPLEMENTED, method.name() + " streams (expected: unary)");
    } else {
      run(delivery, method);
      return;
    }
    inFlight.exit();
  }

  private void unknownType(Delivery delivery) {
    unknown.add(delivery.message().type());
    RetryRule rule = rule(delivery.message(), TaskPolicy.DEFAULT);
    settle(
        delivery,
        purpose.events()
            ? Outcome.DONE
            : new Outcome.RetryAfter(rule.pause(delivery.attempts() + 1)));
  }

  private void run(Delivery delivery, ServedMethod<?, ?> method) {
    int attempt = delivery.attempts() + 1;
    Received received = Received.of(delivery.message(), attempt);
    Metadata headers = Envelope.metadata(delivery.message());
    received.into(headers, purpose.events());
    new Run(delivery, received.in(method), attempt).begin(headers);
  }

  private void giveUp(Delivery delivery, Code code, String reason) {
    Status status = RpcStatus.of(code, reason);
    conclude(
        delivery,
        new Ending(
            delivery.message(),
            delivery.attempts() + 1,
            policy(methods.get(delivery.message().type())),
            status,
            ByteString.EMPTY,
            new Outcome.Reject(status)));
  }

  private void conclude(Delivery delivery, Ending ending) {
    inFlight.enter();
    Settling.started(() -> purpose.beforeSettling(ending))
        .whenComplete((done, failure) -> {
          settle(delivery, failure == null ? ending.outcome() : despite(failure, ending));
          inFlight.exit();
        });
  }

  private Outcome despite(Throwable failure, Ending ending) {
    RetryRule rule = rule(ending.message(), ending.policy());
    boolean last = ending.attempt() >= rule.attempts();
    log.atWarn()
        .addKeyValue("subscription", name)
        .addKeyValue("id", ending.message().id())
        .addKeyValue("retried", !last)
        .setCause(failure)
        .log("A result could not be stored");
    return last ? ending.outcome() : new Outcome.RetryAfter(rule.pause(ending.attempt()));
  }

  private void settle(Delivery delivery, Outcome outcome) {
    inFlight.enter();
    Settling.settle(delivery, outcome).thenRun(inFlight::exit);
  }

  private static RetryRule rule(Message message, TaskPolicy policy) {
    String own = message.headers().getOrDefault(Envelope.ATTEMPTS, "");
    boolean valid = own.matches("[1-9][0-9]{0,8}");
    return new RetryRule(policy, valid ? Integer.parseInt(own) : policy.attempts());
  }

  private static TaskPolicy policy(@Nullable ServedMethod<?, ?> method) {
    return method == null
        ? TaskPolicy.DEFAULT
        : method.contract().map(MethodContract::tasks).orElse(TaskPolicy.DEFAULT);
  }

  /** One attempt at a message. */
  private final class Run {
    private final Delivery delivery;
    private final TaskPolicy policy;
    private final int attempt;
    private final ReceivedCall<?, ?> call;

    Run(Delivery delivery, ServedMethod<?, ?> method, int attempt) {
      this.delivery = delivery;
      this.policy = policy(method);
      this.attempt = attempt;
      this.call = new ReceivedCall<>(method, this::ended, this::over);
    }

    void begin(Metadata headers) {
      running.add(call);
      call.begin(headers, delivery.message());
    }

    private void ended(Status status, ByteString response) {
      Outcome outcome = rule(delivery.message(), policy).outcome(status, attempt);
      conclude(
          delivery, new Ending(delivery.message(), attempt, policy, status, response, outcome));
    }

    private void over() {
      running.remove(call);
      inFlight.exit();
    }
  }
}
