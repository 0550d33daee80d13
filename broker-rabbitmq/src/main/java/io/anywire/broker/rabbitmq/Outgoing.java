package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.anywire.broker.Publication;
import io.anywire.broker.Topic;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Something to publish.
 *
 * @param exchange where to; empty for the default exchange, which leads to the queue of that name
 * @param routingKey the queue's name, or empty
 * @param needs what has to be there first
 * @param confirmed whether the broker is asked to take responsibility
 * @param ifReturned what it means that no queue takes it; empty when that does not matter
 */
record Outgoing(
    String exchange,
    String routingKey,
    BasicProperties properties,
    byte[] body,
    List<Declaration> needs,
    boolean confirmed,
    Optional<Status> ifReturned) {

  /** A message to a topic. */
  static Outgoing toTopic(
      Publication publication, BasicProperties properties, byte[] body, Partitions partitions) {
    Topic topic = publication.topic();
    Optional<String> key = publication.message().key();
    if (!publication.delay().isZero()) {
      return delayed(publication, properties, body);
    }
    if (topic.kind() == Topic.Kind.EVENTS) {
      return key.isPresent()
          ? toExchange(
              Names.keyed(topic),
              String.valueOf(partitions.of(key.get())),
              properties,
              body,
              partitions.forPublishing(topic))
          : toExchange(
              Names.exchange(topic), "", properties, body, Declaration.forPublishing(topic));
    }
    return toQueue(
        Names.queue(topic, Topic.WORKERS), properties, body, Declaration.forPublishing(topic));
  }

  private static Outgoing delayed(
      Publication publication, BasicProperties properties, byte[] body) {
    Topic topic = publication.topic();
    List<Declaration> place = Declaration.forPublishing(topic);
    return switch (topic.kind()) {
      case QUEUE -> {
        String queue = Names.queue(topic, Topic.WORKERS);
        yield resting(
            publication.delay(),
            queue,
            properties,
            body,
            Declaration.join(place, Delays.leaving(queue)));
      }
      case EVENTS -> {
        if (publication.message().key().isPresent()) {
          throw Errors.unimplemented("an event that is delayed cannot keep the order of its key");
        }
        String exchange = Names.exchange(topic);
        yield resting(
            publication.delay(),
            exchange,
            properties,
            body,
            Declaration.join(place, Delays.leavingTo(exchange)));
      }
      case CALLS -> throw Errors.unimplemented("a call cannot be delayed");
    };
  }

  /** A message that rests before it goes to the queue or exchange {@code target}. */
  static Outgoing resting(
      Duration delay,
      String target,
      BasicProperties properties,
      byte[] body,
      List<Declaration> place) {
    return new Outgoing(
        Delays.entrance(delay),
        Delays.routingKey(delay, target),
        properties,
        body,
        Declaration.join(place, Delays.needs(delay)),
        true,
        Optional.of(Status.UNAVAILABLE.withDescription("gone just now: " + target)));
  }

  private static Outgoing toExchange(
      String exchange,
      String routingKey,
      BasicProperties properties,
      byte[] body,
      List<Declaration> needs) {
    return new Outgoing(exchange, routingKey, properties, body, needs, true, Optional.empty());
  }

  /** A message to a queue that has to be there. */
  static Outgoing toQueue(
      String queue, BasicProperties properties, byte[] body, List<Declaration> needs) {
    String why = needs.isEmpty() ? "nobody is subscribed to " : "gone just now: ";
    Status status = Status.UNAVAILABLE.withDescription(why + queue);
    return new Outgoing("", queue, properties, body, needs, true, Optional.of(status));
  }

  /** A message to an inbox, at most once. */
  static Outgoing toInbox(String address, BasicProperties properties, byte[] body) {
    return new Outgoing("", address, properties, body, List.of(), false, Optional.empty());
  }
}
