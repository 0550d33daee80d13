package io.anywire.broker.rabbitmq;

import io.anywire.broker.Topic;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;

/**
 * Where something is published to.
 *
 * @param exchange empty for the default exchange, which leads to the queue of that name
 * @param routingKey the queue's name, or empty
 * @param needs what has to be there first
 * @param ifReturned what it means that no queue takes it; empty when that does not matter
 */
record Route(
    String exchange, String routingKey, List<Declaration> needs, Optional<Status> ifReturned) {

  /** To a topic, of what has no ordering key and is not delayed. */
  static Route to(Topic topic) {
    List<Declaration> needs = Declaration.forPublishing(topic);
    return topic.kind() == Topic.Kind.EVENTS
        ? toExchange(Names.exchange(topic), "", needs)
        : toQueue(Names.queue(topic, Topic.WORKERS), needs);
  }

  /** To an exchange that may have no queues. */
  static Route toExchange(String exchange, String routingKey, List<Declaration> needs) {
    return new Route(exchange, routingKey, needs, Optional.empty());
  }

  /** To a queue that has to be there. */
  static Route toQueue(String queue, List<Declaration> needs) {
    String why = needs.isEmpty() ? "nobody is subscribed to " : "gone just now: ";
    Status status = Status.UNAVAILABLE.withDescription(why + queue);
    return new Route("", queue, needs, Optional.of(status));
  }

  /** To an inbox, which may be gone. */
  static Route toInbox(String address) {
    return new Route("", address, List.of(), Optional.empty());
  }
}
