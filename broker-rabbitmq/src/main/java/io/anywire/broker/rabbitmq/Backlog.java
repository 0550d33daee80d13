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
 * @param queue the queue's name
 */
record Backlog(Topic topic, String subscription, String queue) {
  private static final long SHORTEST_REST_MILLIS = 50;
  private static final long LONGEST_REST_MILLIS = SHORTEST_REST_MILLIS << 24;

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
    long millis = restMillis(delay);
    String resting = Names.delay(queue, millis);
    return Outgoing.toQueue(
        resting,
        CloudEventsBinding.copy(copy.properties(), copy.id(), noted.headers()),
        copy.body(),
        List.of(Declaration.resting(resting, millis, queue)));
  }

  /** To the dead letters. */
  Outgoing dead(Status status, Copy copy, Bookkeeping noted) {
    return Outgoing.toQueue(
        deadLetters(),
        CloudEventsBinding.copy(copy.properties(), copy.id(), noted.headers(status, Instant.now())),
        copy.body(),
        List.of(Declaration.kept(deadLetters())));
  }

  /**
   * The rest that there is a queue for: 50 ms times a power of two, at least {@code delay}, and 9
   * days at most.
   */
  static long restMillis(Duration delay) {
    long rest = SHORTEST_REST_MILLIS;
    while (rest < LONGEST_REST_MILLIS && Duration.ofMillis(rest).compareTo(delay) < 0) {
      rest *= 2;
    }
    return rest;
  }
}
