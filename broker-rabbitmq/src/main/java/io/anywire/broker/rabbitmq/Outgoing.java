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
 * @param confirmed whether the broker is asked to take responsibility
 */
record Outgoing(Route route, BasicProperties properties, byte[] body, boolean confirmed) {

  /**
   * A message to a topic.
   *
   * @param straight the way there without a detour
   */
  static Outgoing toTopic(
      Publication publication,
      Route straight,
      BasicProperties properties,
      byte[] body,
      Partitions partitions) {
    Topic topic = publication.topic();
    if (!publication.delay().isZero()) {
      return delayed(publication, properties, body);
    }
    Optional<String> key = publication.message().key();
    Route route =
        topic.kind() == Topic.Kind.EVENTS && key.isPresent()
            ? partitions.route(topic, key.get())
            : straight;
    return new Outgoing(route, properties, body, true);
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
    Route route =
        new Route(
            Delays.entrance(delay),
            Delays.routingKey(delay, target),
            Declaration.join(place, Delays.needs(delay)),
            Optional.of(Status.UNAVAILABLE.withDescription("gone just now: " + target)));
    return new Outgoing(route, Bookkeeping.resting(properties, delay), body, true);
  }

  /** A message to a queue that has to be there. */
  static Outgoing toQueue(
      String queue, BasicProperties properties, byte[] body, List<Declaration> needs) {
    return new Outgoing(Route.toQueue(queue, needs), properties, body, true);
  }

  /** A message to an inbox, at most once. */
  static Outgoing toInbox(String address, BasicProperties properties, byte[] body) {
    return new Outgoing(Route.toInbox(address), properties, body, false);
  }
}
