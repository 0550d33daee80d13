package io.anywire.broker;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a broker carries, in the terms of CloudEvents 1.0. Immutable.
 *
 * @param attributes the CloudEvents context attributes, extensions included; names are {@code
 *     [a-z0-9]+}; {@code id} is always there. A driver maps them to its engine by the official
 *     CloudEvents binding where there is one
 * @param headers everything that travels beside, such as {@code grpc-<key>} metadata; names are
 *     lower-case
 * @param payload the data, of the type that the attribute {@code datacontenttype} names
 */
public record Message(
    Map<String, String> attributes, Map<String, String> headers, ByteString payload) {

  /** The attribute of the extension "Partitioning": messages with one key stay in order. */
  public static final String KEY = "partitionkey";

  /**
   * The attribute of the extension "Expiry Time" (RFC 3339): what is not handled by then is not.
   */
  public static final String EXPIRY = "expirytime";

  /** An attribute of ours: 0 to 9, of which 9 is handled first. */
  public static final String PRIORITY = "priority";

  /** The priority of a message that says nothing, or nothing readable, about it. */
  public static final int NORMAL_PRIORITY = 4;

  public Message {
    attributes = Map.copyOf(attributes);
    headers = Map.copyOf(headers);
    if (!attributes.containsKey("id")) {
      throw new IllegalArgumentException(
          "attributes: " + attributes.keySet() + " (expected: with id)");
    }
  }

  /** A message with a fresh id and nothing but a payload. */
  public static Message of(ByteString payload) {
    return builder().payload(payload).build();
  }

  /** Begins a message with a fresh id. */
  public static Builder builder() {
    return new Builder();
  }

  /** The id, unique per source. */
  public String id() {
    return attributes.getOrDefault("id", "");
  }

  /** The type: the full name of a method, with dots; empty where the message has none. */
  public String type() {
    return attributes.getOrDefault("type", "");
  }

  /** The ordering key. */
  public Optional<String> key() {
    return Optional.ofNullable(attributes.get(KEY));
  }

  /** When the message stops being worth handling. */
  public Optional<Instant> expiry() {
    return Optional.ofNullable(attributes.get(EXPIRY)).map(Instant::parse);
  }

  /** The priority, 0 to 9. */
  public int priority() {
    String text = attributes.getOrDefault(PRIORITY, "");
    boolean digit = text.length() == 1 && text.charAt(0) >= '0' && text.charAt(0) <= '9';
    return digit ? text.charAt(0) - '0' : NORMAL_PRIORITY;
  }

  /**
   * Checks that names and values are text, for engines that carry them as UTF-8, in which half a
   * surrogate pair would become something else.
   *
   * @throws io.grpc.StatusRuntimeException {@code INVALID_ARGUMENT} naming the one that is not
   */
  public void requireText() {
    attributes.forEach(Message::requireText);
    headers.forEach(Message::requireText);
  }

  private static void requireText(String name, String value) {
    if (!isText(name) || !isText(value)) {
      throw Status.INVALID_ARGUMENT
          .withDescription(name + ": half a surrogate pair in '" + value + "' (expected: Unicode)")
          .asRuntimeException();
    }
  }

  private static boolean isText(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean whole = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
        if (!whole) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** Begins a message that is like this one. */
  public Builder toBuilder() {
    Builder builder = new Builder().payload(payload);
    attributes.forEach(builder::attribute);
    headers.forEach(builder::header);
    return builder;
  }

  /** Builds a message. Not thread-safe. */
  public static final class Builder {
    private final Map<String, String> attributes = new HashMap<>();
    private final Map<String, String> headers = new HashMap<>();
    private ByteString payload = ByteString.EMPTY;

    private Builder() {}

    /** Sets a CloudEvents attribute. */
    public Builder attribute(String name, String value) {
      attributes.put(name, value);
      return this;
    }

    /** Sets a header. */
    public Builder header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    /** Sets the payload. */
    public Builder payload(ByteString bytes) {
      payload = bytes;
      return this;
    }

    /** The message. */
    public Message build() {
      if (!attributes.containsKey("id")) {
        attributes.put("id", UUID.randomUUID().toString());
      }
      return new Message(attributes, headers, payload);
    }
  }
}
