package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.anywire.broker.Topic;
import io.grpc.Status;
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
  static Outgoing toTopic(Topic topic, BasicProperties properties, byte[] body) {
    List<Declaration> needs = Declaration.forPublishing(topic);
    if (topic.kind() == Topic.Kind.EVENTS) {
      String exchange = Names.exchange(topic);
      return new Outgoing(exchange, "", properties, body, needs, true, Optional.empty());
    }
    return toQueue(Names.queue(topic, Topic.WORKERS), properties, body, needs);
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
