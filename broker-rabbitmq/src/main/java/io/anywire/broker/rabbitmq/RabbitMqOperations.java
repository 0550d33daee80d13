package io.anywire.broker.rabbitmq;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import com.rabbitmq.client.AMQP.Queue.DeclareOk;
import io.anywire.broker.Capability;
import io.anywire.broker.Drain;
import io.anywire.broker.Message;
import io.anywire.broker.Operations;
import io.anywire.broker.Stored;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Topic;
import io.anywire.broker.Waiting;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A look into RabbitMQ by what AMQP itself can tell, without its management plugin: the {@link
 * Registry} for what there is, passive declarations for how much there is.
 *
 * <ul>
 *   <li>Messages that rest are on their way through {@link Delays}, shared by all: they are neither
 *       counted nor purged. What an ordered subscription's consumers have taken ahead is not
 *       counted either.
 *   <li>A quorum queue counts whatever is looked at and given back as delivered once more, and so
 *       we would count a crash: a look at what waits is refused.
 *   <li>Copies of what is published can be had where there is an exchange: of events.
 * </ul>
 */
final class RabbitMqOperations implements Operations {
  private final Registry registry;
  private final SideChannel channel;
  private final Link consuming;
  private final Partitions partitions;
  private final Handover handover;

  /**
   * @param channel looks at what may not be there, which costs it each time
   */
  RabbitMqOperations(
      Registry registry,
      SideChannel channel,
      Link consuming,
      Partitions partitions,
      Handover handover) {
    this.registry = registry;
    this.channel = channel;
    this.consuming = consuming;
    this.partitions = partitions;
    this.handover = handover;
  }

  @Override
  public Set<Topic> topics() {
    return registry.entries().stream()
        .map(RegistryEntry::topic)
        .distinct()
        .filter(this::exists)
        .collect(toSet());
  }

  @Override
  public Set<String> subscriptions(Topic topic) {
    if (topic.kind() != Topic.Kind.EVENTS) {
      return exists(topic) ? Set.of(Topic.WORKERS) : Set.of();
    }
    return registry.entries().stream()
        .filter(entry -> entry.topic().equals(topic) && !entry.subscription().isEmpty())
        .map(RegistryEntry::subscription)
        .filter(name -> queue(Names.queue(topic, name)).isPresent())
        .collect(toCollection(TreeSet::new));
  }

  @Override
  public SubscriptionState state(Topic topic, String subscription) {
    Backlog backlog = backlog(topic, subscription);
    DeclareOk main = queue(backlog.queue()).orElseThrow(() -> notFound(topic, subscription));
    long ready = main.getMessageCount();
    for (DeclareOk partition : partitions(backlog)) {
      ready += partition.getMessageCount();
    }
    return new SubscriptionState(
        OptionalLong.of(ready),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.of(queue(backlog.deadLetters()).map(DeclareOk::getMessageCount).orElse(0)),
        OptionalLong.of(main.getConsumerCount()));
  }

  @Override
  public List<Waiting> peek(Topic topic, String subscription, int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max: " + max + " (expected: >= 1)");
    }
    requireThere(topic, subscription);
    throw Errors.unimplemented(
        "RabbitMQ lacks a look at what waits: its quorum queues count each as a delivery that"
            + " crashed");
  }

  @Override
  public long purge(Topic topic, String subscription) {
    Backlog backlog = requireThere(topic, subscription);
    long count = purge(backlog.queue());
    for (DeclareOk partition : partitions(backlog)) {
      count += purge(partition.getQueue());
    }
    return count;
  }

  @Override
  public long seek(Topic topic, String subscription, SubscribeOptions.Start to) {
    if (topic.kind() != Topic.Kind.EVENTS) {
      throw Errors.invalid("seek: " + topic + " (expected: a topic of events)");
    }
    if (!to.equals(SubscribeOptions.NOW)) {
      requireThere(topic, subscription);
      throw Errors.unimplemented("RabbitMQ lacks the capability '" + Capability.REPLAY + "'");
    }
    long unused = purge(topic, subscription);
    return 0;
  }

  @Override
  public Drain drain(Topic topic, String subscription, int most) {
    return handover.drain(requireThere(topic, subscription), most);
  }

  @Override
  public CompletionStage<Void> put(Topic topic, String subscription, List<Stored> messages) {
    try {
      return handover.put(topic, subscription, messages);
    } catch (StatusRuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public Tail tail(Topic topic, Consumer<Message> receiver) {
    if (!exists(topic)) {
      throw Status.NOT_FOUND.withDescription("no such topic: " + topic).asRuntimeException();
    }
    if (topic.kind() != Topic.Kind.EVENTS) {
      throw Errors.unimplemented(
          "RabbitMQ lacks copies of what goes to a queue without an exchange: " + topic);
    }
    List<String> exchanges =
        List.of(Names.exchange(topic), Names.keyed(topic)).stream().filter(this::exchange).toList();
    var tail = new ExchangeTail(consuming, exchanges, receiver);
    consuming.moveIn(tail);
    return tail;
  }

  private boolean exists(Topic topic) {
    return topic.kind() == Topic.Kind.EVENTS
        ? exchange(Names.exchange(topic)) || exchange(Names.keyed(topic))
        : queue(Names.queue(topic, Topic.WORKERS)).isPresent();
  }

  private Backlog requireThere(Topic topic, String subscription) {
    Backlog backlog = backlog(topic, subscription);
    if (queue(backlog.queue()).isEmpty()) {
      throw notFound(topic, subscription);
    }
    return backlog;
  }

  private static Backlog backlog(Topic topic, String subscription) {
    if (topic.kind() != Topic.Kind.EVENTS && !subscription.equals(Topic.WORKERS)) {
      throw notFound(topic, subscription);
    }
    return Backlog.of(topic, subscription);
  }

  /** Those of a subscription that keeps order; they are made together, so the first one tells. */
  private List<DeclareOk> partitions(Backlog backlog) {
    return backlog.topic().kind() == Topic.Kind.EVENTS
        ? partitions.queues(backlog).stream()
            .map(this::queue)
            .takeWhile(Optional::isPresent)
            .map(Optional::orElseThrow)
            .toList()
        : List.of();
  }

  private long purge(String queue) {
    return channel.call(c -> (long) c.queuePurge(queue).getMessageCount());
  }

  private Optional<DeclareOk> queue(String name) {
    return there(c -> c.queueDeclarePassive(name));
  }

  private boolean exchange(String name) {
    return there(c -> c.exchangeDeclarePassive(name)).isPresent();
  }

  private <T> Optional<T> there(SideChannel.Work<T> look) {
    try {
      return Optional.of(channel.call(look));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static StatusRuntimeException notFound(Topic topic, String subscription) {
    return Status.NOT_FOUND
        .withDescription(topic + " has no subscription '" + subscription + "'")
        .asRuntimeException();
  }
}
