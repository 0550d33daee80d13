package io.anywire.broker.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.rabbitmq.client.AMQP.BasicProperties;
import io.anywire.broker.Message;
import java.util.Date;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How a message looks in AMQP 0.9.1, for which CloudEvents has no official binding; ours follows
 * the one for AMQP 1.0. Attributes are headers {@code cloudEvents_<name>} ({@code
 * cloudEvents:<name>} is read too), except {@code datacontenttype}, which is the property {@code
 * content_type}; {@code id} is the property {@code message_id} as well. Other headers are as they
 * are.
 *
 * <p>Events are for everybody, and so look. What is left for workers is {@code terse}, since every
 * header costs RabbitMQ about 2 % of what a task does: {@code id}, {@code type} and {@code source}
 * are only the properties {@code message_id}, {@code type} and {@code app_id}, of which the last
 * stands for {@code specversion} 1.0 too.
 *
 * <p>Ours have names in camel case, which no header of a {@link Message} can have.
 */
final class CloudEventsBinding {
  private static final String ATTRIBUTE = "cloudEvents_";
  private static final String ATTRIBUTE_TOO = "cloudEvents:";
  private static final String CONTENT_TYPE = "datacontenttype";
  private static final String ID = "id";
  private static final String TYPE = "type";
  private static final String SOURCE = "source";
  private static final String VERSION = "specversion";
  private static final String FIRST_VERSION = "1.0";
  private static final int MAX_SHORT_BYTES = 255;

  /**
   * What the headers of a message may amount to: they have to fit into one AMQP frame of 128 KiB.
   */
  private static final int MAX_HEADER_BYTES = 64 * 1024;

  /** Headers that RabbitMQ writes and reads itself. */
  private static final Set<String> BROKERS_OWN =
      Set.of(
          "x-death",
          "x-first-death-exchange",
          "x-first-death-queue",
          "x-first-death-reason",
          "x-last-death-exchange",
          "x-last-death-queue",
          "x-last-death-reason",
          "x-delivery-count",
          "x-acquired-count");

  private CloudEventsBinding() {}

  /**
   * The properties of a message that is published.
   *
   * @param persistent whether it is to survive a restart of the broker
   * @param returnable whether the broker is to return it when no queue takes it
   * @throws io.grpc.StatusRuntimeException {@code INVALID_ARGUMENT} for headers that AMQP cannot
   *     carry
   */
  static BasicProperties properties(Message message, boolean persistent, boolean returnable) {
    Map<String, Object> headers = headers(message);
    BasicProperties.Builder properties = properties(message, persistent, headers);
    if (returnable) {
      Bookkeeping.mark(headers);
    }
    return properties.headers(headers).build();
  }

  /** The same for one that is left for workers. */
  static BasicProperties terse(Message message, boolean persistent, boolean returnable) {
    Map<String, Object> headers = headers(message);
    BasicProperties.Builder properties = properties(message, persistent, headers);
    if (fitsShort(message.id())) {
      headers.remove(ATTRIBUTE + ID);
    }
    if (!message.type().isEmpty() && fitsShort(message.type())) {
      properties.type(message.type());
      headers.remove(ATTRIBUTE + TYPE);
    }
    String source = message.attributes().getOrDefault(SOURCE, "");
    boolean isFirstVersion = FIRST_VERSION.equals(message.attributes().get(VERSION));
    if (isFirstVersion && !source.isEmpty() && fitsShort(source)) {
      properties.appId(source);
      headers.remove(ATTRIBUTE + SOURCE);
      headers.remove(ATTRIBUTE + VERSION);
    }
    if (returnable) {
      Bookkeeping.mark(properties);
    }
    return properties.headers(headers).build();
  }

  private static Map<String, Object> headers(Message message) {
    message.requireText();
    Map<String, Object> headers = new HashMap<>();
    message.attributes().forEach((name, value) -> headers.put(ATTRIBUTE + name, value));
    message.headers().forEach((name, value) -> headers.put(allowed(name), value));
    return headers;
  }

  /** Takes what is a property only out of the headers, and checks what is left. */
  private static BasicProperties.Builder properties(
      Message message, boolean persistent, Map<String, Object> headers) {
    BasicProperties.Builder properties =
        new BasicProperties.Builder().deliveryMode(persistent ? 2 : 1);
    if (fitsShort(message.id())) {
      properties.messageId(message.id());
    }
    String contentType = message.attributes().get(CONTENT_TYPE);
    if (contentType != null && fitsShort(contentType)) {
      properties.contentType(contentType);
      headers.remove(ATTRIBUTE + CONTENT_TYPE);
    }
    checkSize(headers);
    return properties;
  }

  /** The message that arrived; one that knows nothing of CloudEvents gets an id and a type. */
  static Message message(BasicProperties properties, byte[] body) {
    Message.Builder message = Message.builder().payload(ByteString.copyFrom(body));
    if (properties.getMessageId() != null) {
      message.attribute(ID, properties.getMessageId());
    }
    if (properties.getType() != null) {
      message.attribute(TYPE, properties.getType());
    }
    if (properties.getAppId() != null) {
      message.attribute(SOURCE, properties.getAppId()).attribute(VERSION, FIRST_VERSION);
    }
    if (properties.getContentType() != null) {
      message.attribute(CONTENT_TYPE, properties.getContentType());
    }
    headers(properties)
        .forEach((name, value) -> {
          if (isAttribute(name)) {
            message.attribute(name.substring(ATTRIBUTE.length()), text(value));
          } else if (!BROKERS_OWN.contains(name) && !Bookkeeping.NAMES.contains(name)) {
            message.header(name.toLowerCase(Locale.ROOT), text(value));
          }
        });
    return message.build();
  }

  /**
   * The properties of a copy that is published again, to a queue that has to be there: the same,
   * persistent, with {@code id}, and without what the broker or we noted on the old one.
   */
  static BasicProperties copy(BasicProperties properties, String id, Map<String, ?> noted) {
    Map<String, Object> headers = new HashMap<>(headers(properties));
    headers.keySet().removeAll(BROKERS_OWN);
    headers.keySet().removeAll(Bookkeeping.NAMES);
    headers.putAll(noted);
    Bookkeeping.mark(headers);
    return properties
        .builder()
        .headers(headers)
        .deliveryMode(2)
        .messageId(fitsShort(id) ? id : properties.getMessageId())
        .expiration(null)
        .userId(null)
        .build();
  }

  /** The headers, which may be none. */
  static Map<String, Object> headers(BasicProperties properties) {
    return properties.getHeaders() == null ? Map.of() : properties.getHeaders();
  }

  /** A header's value as text; AMQP has types, our headers have not. */
  static String text(Object value) {
    return switch (value) {
      case byte[] bytes -> new String(bytes, UTF_8);
      case Date date -> date.toInstant().toString();
      case null -> "";
      default -> String.valueOf(value);
    };
  }

  private static boolean isAttribute(String name) {
    if (!name.startsWith(ATTRIBUTE) && !name.startsWith(ATTRIBUTE_TOO)) {
      return false;
    }
    for (int i = ATTRIBUTE.length(); i < name.length(); i++) {
      char c = name.charAt(i);
      if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9')) {
        return false;
      }
    }
    return name.length() > ATTRIBUTE.length();
  }

  private static String allowed(String name) {
    if (!fitsShort(name) || BROKERS_OWN.contains(name)) {
      throw Errors.invalid(
          "header: '" + name + "' (expected: at most 255 bytes, and none of RabbitMQ's own)");
    }
    return name;
  }

  private static void checkSize(Map<String, Object> headers) {
    long atMost = 0;
    for (Map.Entry<String, Object> header : headers.entrySet()) {
      if (!fitsShort(header.getKey())) {
        throw Errors.invalid("attribute: '" + header.getKey() + "' (expected: at most 255 bytes)");
      }
      atMost += 3L * (header.getKey().length() + text(header.getValue()).length());
    }
    if (atMost > MAX_HEADER_BYTES && exactBytes(headers) > MAX_HEADER_BYTES) {
      throw Errors.invalid(
          "headers: " + exactBytes(headers) + " bytes (expected: <= " + MAX_HEADER_BYTES + ")");
    }
  }

  private static long exactBytes(Map<String, Object> headers) {
    long bytes = 0;
    for (Map.Entry<String, Object> header : headers.entrySet()) {
      bytes += header.getKey().getBytes(UTF_8).length;
      bytes += text(header.getValue()).getBytes(UTF_8).length;
    }
    return bytes;
  }

  /** No character has more than three bytes for each of its {@code char}s. */
  private static boolean fitsShort(String text) {
    return 3 * text.length() <= MAX_SHORT_BYTES
        || (text.length() <= MAX_SHORT_BYTES && text.getBytes(UTF_8).length <= MAX_SHORT_BYTES);
  }
}
