package io.anywire.broker.rabbitmq;

import com.google.rpc.Status;
import com.rabbitmq.client.AMQP.BasicProperties;
import io.anywire.broker.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The queue of one subscription, and where its messages go from there: back into it, into a rest
 * before that, or to its dead letters.
 *
 * @param queue the name of the queue of what has no ordering key
 */
record Backlog(Topic topic, String subscription, String queue) {

  /** A message as it was delivered. */
  record Copy(BasicProperties properties, byte[] body, String id) {}

  static Backlog of(Topic topic, String subscription) {
    return new Backlog(topic, subscription, Names.queue(topic, subscription));
  }

  /** What the subscription needs to be there. */
  List<Declaration> needs() {
    return Declaration.forSubscribing(topic, subscription);
  }

  /** The queue of its dead letters. */
  String deadLetters() {
    return Names.dead(queue);
  }

  /** Back into the queue, at once. A queue of calls is not made for it: nobody might serve it. */
  Outgoing again(Copy copy, Bookkeeping noted) {
    return Outgoing.toQueue(
        queue,
        CloudEventsBinding.copy(copy.properties(), copy.id(), noted.headers()),
        copy.body(),
        topic.kind() == Topic.Kind.CALLS ? List.of() : needs());
  }

  /** Back into the queue after a rest of at least {@code delay}. */
  Outgoing after(Duration delay, Copy copy, Bookkeeping noted) {
    return Outgoing.resting(
        delay,
        queue,
        CloudEventsBinding.copy(copy.properties(), copy.id(), noted.headers()),
        copy.body(),
        Delays.leaving(queue));
  }

  /**
   * To the dead letters.
   *
   * @param from the queue that it was delivered from
   */
  Outgoing dead(Status status, Copy copy, Bookkeeping noted, String from) {
    return dead(status, Instant.now(), copy, noted, from);
  }

  /** The same of one that was given up then. */
  Outgoing dead(Status status, Instant time, Copy copy, Bookkeeping noted, String from) {
    return Outgoing.toQueue(
        deadLetters(),
        CloudEventsBinding.copy(copy.properties(), copy.id(), noted.headers(status, time, from)),
        copy.body(),
        List.of(Declaration.kept(deadLetters())));
  }

  /** A dead letter, back to where it was delivered from. */
  Outgoing replayed(Copy copy) {
    String from = Bookkeeping.from(copy.properties()).orElse(queue);
    return Outgoing.toQueue(
        from,
        CloudEventsBinding.copy(copy.properties(), copy.id(), new Bookkeeping(0, 0).headers()),
        copy.body(),
        from.equals(queue) ? needs() : List.of());
  }
}
