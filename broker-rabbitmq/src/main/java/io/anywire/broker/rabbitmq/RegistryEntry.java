package io.anywire.broker.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anywire.broker.Topic;
import java.util.Optional;

/**
 * That there is a topic, or a subscription of one. Written as lines of UTF-8: the topic's kind, its
 * name, and the subscription's; no name has a line break.
 *
 * @param subscription empty for the topic itself
 */
record RegistryEntry(Topic topic, String subscription) {

  byte[] bytes() {
    return (topic.kind() + "\n" + topic.name() + "\n" + subscription).getBytes(UTF_8);
  }

  /** Reads it; empty for what a later version may have written. */
  static Optional<RegistryEntry> of(byte[] bytes) {
    String[] lines = new String(bytes, UTF_8).split("\n", -1);
    try {
      return lines.length == 3
          ? Optional.of(
              new RegistryEntry(new Topic(lines[1], Topic.Kind.valueOf(lines[0])), lines[2]))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
