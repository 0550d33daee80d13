package io.anywire.messaging.deliver;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.call.InFlight;
import io.anywire.contract.EventTopic;
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
import java.util.Optional;
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
 * <p>An attempt ends {@code DEADLINE_EXCEEDED} when it takes longer than its policy, or the broker,
 * lets it. Thread-safe.
 */
public final class Worker implements Serving {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final int MAX_CRASHES = 10;

  private final String name;
  private final Map<String, ServedMethod<?, ?>> methods;
  private final Purpose purpose;
  private final Optional<Duration> longestProcessing;
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
      SubscribeOptions options) {
    this.name = topic.name() + "/" + subscriptionName;
    this.methods = Map.copyOf(methods);
    this.purpose = purpose;
    this.longestProcessing = broker.capabilities().longestProcessing();
    this.unknown =
        new Counted(
            purpose.events()
                ? "Acknowledged an event of a type that nobody here handles"
                : "Put off a task of a method that nobody here handles",
            name);
    this.subscription = broker.subscribe(topic, subscriptionName, options, this::receive);
  }

  /**
   * How many messages were of a type that nobody here handles; one that came twice counts twice.
   */
  public long unknownTypes() {
    return unknown.total();
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
    Arrival arrival = new Arrival(delivery, delivery.message());
    try {
      arrival = Arrival.of(delivery);
      take(arrival);
    } catch (DateTimeException | IllegalArgumentException e) {
      giveUp(arrival, Code.INVALID_ARGUMENT, "malformed: " + e.getMessage());
    }
    inFlight.exit();
  }

  private void take(Arrival arrival) {
    Message message = arrival.message();
    int crashes = arrival.delivery().crashes();
    ServedMethod<?, ?> method = methods.get(message.type());
    if (message.type().isEmpty()) {
      giveUp(arrival, Code.INVALID_ARGUMENT, "a message without the attribute 'type'");
    } else if (message.expiry().map(Instant.now()::isAfter).orElse(false)) {
      giveUp(arrival, Code.DEADLINE_EXCEEDED, "expired at " + message.expiry().orElseThrow());
    } else if (method == null) {
      unknownType(arrival);
    } else if (crashes >= MAX_CRASHES) {
      String loop = "crash loop: " + crashes + " deliveries ended without an outcome";
      giveUp(arrival, Code.INTERNAL, loop);
    } else if (method.descriptor().getType() != MethodType.UNARY) {
      giveUp(arrival, Code.UNIMPLEMENTED, method.name() + " streams (expected: unary)");
    } else {
      run(arrival, method);
    }
  }

  private void unknownType(Arrival arrival) {
    unknown.add(arrival.message().type());
    if (purpose.events()) {
      Status status = RpcStatus.of(Code.UNIMPLEMENTED, "nobody here handles events of that type");
      conclude(arrival, status, ByteString.EMPTY, Outcome.DONE);
    } else {
      settle(arrival.delivery(), RetryRule.putOff(arrival.message()));
    }
  }

  private void run(Arrival arrival, ServedMethod<?, ?> method) {
    Received received = Received.of(arrival.message(), arrival.attempt());
    Metadata headers = Envelope.metadata(arrival.message());
    received.into(headers, purpose.events());
    Run run = new Run(arrival, method, received, headers);
    inFlight.enter();
    Settling.started(() -> purpose.mayStart(arrival.message()))
        .whenComplete((may, failure) -> {
          if (failure != null) {
            log.atWarn().addKeyValue("subscription", name).setCause(failure).log("Put off a task");
            settle(arrival.delivery(), RetryRule.putOff(arrival.message()));
          } else if (may) {
            run.begin();
            return;
          } else {
            settle(arrival.delivery(), Outcome.DONE);
          }
          inFlight.exit();
        });
  }

  private void giveUp(Arrival arrival, Code code, String reason) {
    Status status = RpcStatus.of(code, reason);
    conclude(arrival, status, ByteString.EMPTY, rule(arrival.message()).reject(status));
  }

  private void conclude(Arrival arrival, Status status, ByteString response, Outcome outcome) {
    conclude(arrival, rule(arrival.message()), status, response, outcome);
  }

  private void conclude(
      Arrival arrival, RetryRule rule, Status status, ByteString response, Outcome outcome) {
    Ending ending =
        new Ending(arrival.message(), arrival.attempt(), rule.policy(), status, response, outcome);
    inFlight.enter();
    Settling.started(() -> purpose.beforeSettling(ending))
        .whenComplete((done, failure) -> {
          settle(arrival.delivery(), failure == null ? outcome : despite(failure, ending, rule));
          inFlight.exit();
        });
  }

  private Outcome despite(Throwable failure, Ending ending, RetryRule rule) {
    boolean last = rule.isLast(ending.attempt());
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

  private RetryRule rule(Message message) {
    Optional<MethodContract> contract = contract(methods.get(message.type()));
    return RetryRule.of(
        message,
        contract.map(MethodContract::tasks).orElse(TaskPolicy.DEFAULT),
        contract.flatMap(MethodContract::event).map(EventTopic::holdsKey).orElse(false));
  }

  private static Optional<MethodContract> contract(@Nullable ServedMethod<?, ?> method) {
    return Optional.ofNullable(method).flatMap(ServedMethod::contract);
  }

  /** One attempt at a message. */
  private final class Run {
    private final Arrival arrival;
    private final RetryRule rule;
    private final ReceivedCall<?, ?> call;
    private final Received received;
    private final Metadata headers;

    Run(Arrival arrival, ServedMethod<?, ?> method, Received received, Metadata headers) {
      this.arrival = arrival;
      this.received = received;
      this.rule = rule(arrival.message());
      this.headers = headers;
      this.call = new ReceivedCall<>(method, this::ended, this::over);
    }

    void begin() {
      running.add(call);
      Optional<Duration> limit = rule.policy().longestAttempt().or(() -> longestProcessing);
      call.begin(received, headers, arrival.message(), limit);
    }

    private void ended(Status status, ByteString response) {
      conclude(arrival, rule, status, response, rule.outcome(status, arrival.attempt()));
    }

    private void over() {
      running.remove(call);
      inFlight.exit();
    }
  }
}
