package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AMQP.Queue.DeclareOk;
import io.anywire.broker.Drain;
import io.anywire.broker.Message;
import io.anywire.broker.Stored;
import io.anywire.broker.Topic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Puts messages into subscriptions as other brokers had them, and takes them out. Thread-safe. */
final class Handover {
  private static final Duration CONSUMERS_GONE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Publisher publisher;
  private final Registry registry;
  private final SideChannel looking;
  private final Link consuming;
  private final Partitions partitions;
  private final Map<Backlog, Target> targets = new ConcurrentHashMap<>();

  /**
   * Where messages are put.
   *
   * @param needs what has to be made for it; nothing where it was there
   * @param apart whether ordering keys have queues of their own
   */
  private record Target(List<Declaration> needs, boolean apart) {}

  Handover(
      Publisher publisher,
      Registry registry,
      SideChannel looking,
      Link consuming,
      Partitions partitions) {
    this.publisher = publisher;
    this.registry = registry;
    this.looking = looking;
    this.consuming = consuming;
    this.partitions = partitions;
  }

  CompletableFuture<Void> put(Topic topic, String subscription, List<Stored> messages) {
    if (topic.kind() == Topic.Kind.CALLS) {
      throw Errors.unimplemented("calls are not kept, and so not put: " + topic);
    }
    messages.forEach(one -> RabbitMqBroker.checkSize(one.message()));
    Backlog backlog = Backlog.of(topic, subscription);
    Target target = targets.computeIfAbsent(backlog, this::target);
    return CompletableFuture.allOf(
        messages.stream()
            .map(one -> outgoing(backlog, target, one))
            .map(out -> publisher.publish(out, PATIENCE))
            .toArray(CompletableFuture[]::new));
  }

  private Target target(Backlog backlog) {
    Topic topic = backlog.topic();
    registry.noted(topic, backlog.subscription()).join();
    if (queue(backlog.queue()).isEmpty()) {
      return new Target(
          topic.kind() == Topic.Kind.EVENTS ? partitions.together(backlog) : backlog.needs(),
          false);
    }
    boolean apart =
        topic.kind() == Topic.Kind.EVENTS
            && queue(partitions.queues(backlog).getFirst()).isPresent();
    return new Target(List.of(), apart);
  }

  private Outgoing outgoing(Backlog backlog, Target target, Stored stored) {
    Message message = stored.message();
    BasicProperties properties = CloudEventsBinding.properties(message, true, true);
    var copy = new Backlog.Copy(properties, message.payload().toByteArray(), message.id());
    Bookkeeping noted = new Bookkeeping(stored.attempts(), 0);
    String queue =
        target.apart() && message.key().isPresent()
            ? partitions.queues(backlog).get(partitions.of(message.key().get()))
            : backlog.queue();
    if (stored.death().isPresent()) {
      Stored.Death death = stored.death().get();
      return needing(target, backlog.dead(death.status(), death.time(), copy, noted, queue));
    }
    Duration rest =
        stored.due().map(due -> Duration.between(Instant.now(), due)).orElse(Duration.ZERO);
    if (rest.isPositive()) {
      if (rest.compareTo(Delays.LONGEST) > 0) {
        throw Errors.invalid("delay: " + rest + " (expected: <= " + Delays.LONGEST + ")");
      }
      return needing(target, backlog.after(rest, copy, noted));
    }
    return Outgoing.toQueue(
        queue,
        CloudEventsBinding.copy(properties, message.id(), noted.headers()),
        copy.body(),
        target.needs());
  }

  /** What is put beside a subscription's queue needs that too. */
  private static Outgoing needing(Target target, Outgoing out) {
    Route route = out.route();
    return new Outgoing(
        new Route(
            route.exchange(),
            route.routingKey(),
            Declaration.join(target.needs(), route.needs()),
            route.ifReturned()),
        out.properties(),
        out.body(),
        out.confirmed());
  }

  /** Takes from a subscription that is there. */
  Drain drain(Backlog backlog, int most) {
    List<String> queues = new ArrayList<>(List.of(backlog.queue()));
    if (backlog.topic().kind() == Topic.Kind.EVENTS) {
      partitions.queues(backlog).stream()
          .takeWhile(name -> queue(name).isPresent())
          .forEach(queues::add);
    }
    return new QueueDrain(this, consuming.current(), backlog, queues, most);
  }

  /** The levels at which messages may rest. */
  List<Integer> levels() {
    return IntStream.range(0, Delays.levels())
        .filter(level -> ready(Names.delay(level)) > 0)
        .boxed()
        .toList();
  }

  /** How many messages of a queue nobody has; 0 of one that is not there. */
  int ready(String name) {
    return queue(name).map(DeclareOk::getMessageCount).orElse(0);
  }

  /**
   * Waits a moment until nobody consumes from a queue, for who was killed just now has messages
   * until RabbitMQ notices.
   *
   * @throws StatusRuntimeException {@code FAILED_PRECONDITION} when somebody goes on
   */
  void requireUnused(String name) {
    long until = System.nanoTime() + CONSUMERS_GONE.toNanos();
    while (true) {
      int consumers = queue(name).map(DeclareOk::getConsumerCount).orElse(0);
      if (consumers == 0) {
        return;
      }
      if (System.nanoTime() > until) {
        throw Status.FAILED_PRECONDITION
            .withDescription(
                "%s has consumers: %d (expected: none while it is drained)"
                    .formatted(name, consumers))
            .asRuntimeException();
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private Optional<DeclareOk> queue(String name) {
    try {
      return Optional.of(looking.call(c -> c.queueDeclarePassive(name)));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
