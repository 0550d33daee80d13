package io.anywire.contract;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Message;
import java.util.Optional;

/**
 * Where the events of a method go.
 *
 * @param topic the topic's name: letters, digits, {@code . _ -}, at most 200 characters
 * @param orderingKey the request's field whose equal values are handled one at a time, in the order
 *     of publication; empty: no order
 * @param holdsKey whether an event that is given up holds its key
 */
public record EventTopic(String topic, Optional<FieldPath> orderingKey, boolean holdsKey) {
  private static final int LONGEST = 200;

  /** Checks the topic's name. */
  public EventTopic {
    if (!isName(topic)) {
      throw new IllegalArgumentException("topic: \"" + topic + "\" (expected: " + expected() + ")");
    }
  }

  /** The topic of a service that says nothing about it: its own full name, without order. */
  public static EventTopic ofService(ServiceDescriptor service) {
    return new EventTopic(service.getFullName(), Optional.empty(), false);
  }

  /** The ordering key of one event; empty where the topic has no order or the field is not set. */
  public Optional<String> keyOf(Message event) {
    return orderingKey.map(path -> path.read(event)).filter(key -> !key.isEmpty());
  }

  /** Whether every broker takes this name for a topic. */
  static boolean isName(String topic) {
    return !topic.isEmpty()
        && topic.length() <= LONGEST
        && topic.chars().allMatch(EventTopic::isNameCharacter);
  }

  static String expected() {
    return "1 to " + LONGEST + " letters, digits, '.', '_' or '-'";
  }

  private static boolean isNameCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
