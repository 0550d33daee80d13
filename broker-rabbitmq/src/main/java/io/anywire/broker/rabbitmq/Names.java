package io.anywire.broker.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anywire.broker.Topic;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * What things are called in RabbitMQ:
 *
 * <pre>
 * anywire.queue.TOPIC                  the queue of tasks
 * anywire.events.TOPIC                 the exchange of an event topic
 * anywire.keyed.TOPIC                  the exchange of its events with an ordering key
 * anywire.events.TOPIC/SUBSCRIPTION    the queue of one subscription
 * anywire.events.TOPIC/SUBSCRIPTION/N  a partition of it, for the ordering keys that hash to N
 * anywire.calls.TOPIC                  the queue of calls
 * anywire.dead.…                       the dead letters of one of these queues
 * anywire.delay.LEVEL                  exchange and queue in which messages rest: see {@link Delays}
 * anywire.due                          the exchange through which they leave
 * anywire.undeliverable                exchange and queue for those whose queue is gone by then
 * anywire.partitions.N                 an exchange that says how many partitions there are
 * anywire.result.ID                    a result that is kept
 * anywire.choice.ID                    a choice that stands
 * anywire.inbox.UUID                   a private inbox
 * anywire.registry                     the list of topics and subscriptions: see {@link Registry}
 * anywire.tail.UUID                    copies of what is published, for whoever looks on
 * </pre>
 *
 * <p>Within TOPIC, SUBSCRIPTION and ID the characters {@code / % ~} are percent-encoded. A name
 * longer than AMQP's 255 bytes is cut and ends with {@code ~} and a hash of the whole.
 */
final class Names {
  private static final int MAX_BYTES = 255;
  private static final int HASH_BYTES = 16;
  private static final String PREFIX = "anywire.";

  private Names() {}

  /**
   * The queue of a subscription.
   *
   * @throws io.grpc.StatusRuntimeException {@code INVALID_ARGUMENT} for a name that it cannot have
   */
  static String queue(Topic topic, String subscription) {
    topic.requireSubscription(subscription);
    return switch (topic.kind()) {
      case QUEUE -> fitted(PREFIX + "queue." + safe(topic.name()));
      case CALLS -> fitted(PREFIX + "calls." + safe(topic.name()));
      case EVENTS -> fitted(PREFIX + "events." + safe(topic.name()) + "/" + safe(subscription));
    };
  }

  /** The exchange of an event topic. */
  static String exchange(Topic topic) {
    return fitted(PREFIX + "events." + safe(topic.name()));
  }

  static String dead(String queue) {
    return fitted(PREFIX + "dead." + queue.substring(PREFIX.length()));
  }

  /** The exchange of an event topic's keyed events. */
  static String keyed(Topic topic) {
    return fitted(PREFIX + "keyed." + safe(topic.name()));
  }

  /** A partition of a subscription to events. */
  static String partition(Topic topic, String subscription, int partition) {
    topic.requireSubscription(subscription);
    return fitted(
        PREFIX + "events." + safe(topic.name()) + "/" + safe(subscription) + "/" + partition);
  }

  static String partitions(int count) {
    return PREFIX + "partitions." + count;
  }

  static String delay(int level) {
    return PREFIX + "delay." + level;
  }

  static String due() {
    return PREFIX + "due";
  }

  static String undeliverable() {
    return PREFIX + "undeliverable";
  }

  static String choice(String id) {
    return fitted(PREFIX + "choice." + safe(id));
  }

  /** A short word without dots that stands for a name of any length. */
  static String hash(String name) {
    return HexFormat.of().formatHex(sha256(name.getBytes(UTF_8)), 0, HASH_BYTES);
  }

  static String result(String id) {
    return fitted(PREFIX + "result." + safe(id));
  }

  /** A name for an inbox that no other has. */
  static String inbox() {
    return PREFIX + "inbox." + UUID.randomUUID();
  }

  static String registry() {
    return PREFIX + "registry";
  }

  /** A name for a tail that no other has. */
  static String tail() {
    return PREFIX + "tail." + UUID.randomUUID();
  }

  private static String safe(String part) {
    if (!UTF_8.newEncoder().canEncode(part)) {
      throw Errors.invalid(
          "name: half a surrogate pair in '" + part + "' (expected: Unicode text)");
    }
    return part.replace("%", "%25").replace("/", "%2F").replace("~", "%7E");
  }

  private static String fitted(String name) {
    byte[] bytes = name.getBytes(UTF_8);
    if (bytes.length <= MAX_BYTES) {
      return name;
    }
    int end = MAX_BYTES - 1 - 2 * HASH_BYTES;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    String hash = HexFormat.of().formatHex(sha256(bytes), 0, HASH_BYTES);
    return new String(bytes, 0, end, UTF_8) + "~" + hash;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
