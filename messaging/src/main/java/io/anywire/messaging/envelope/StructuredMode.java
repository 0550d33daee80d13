package io.anywire.messaging.envelope;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import io.anywire.broker.Message;
import java.io.IOException;
import java.util.Locale;

/**
 * CloudEvents 1.0 in structured mode: attributes and data together in one JSON object ({@code
 * application/cloudevents+json}, JSON event format, section 3). It is read wherever a message is
 * handled, and never written.
 */
public final class StructuredMode {
  private static final String CONTENT_TYPE = "datacontenttype";
  private static final String JSON = "application/json";
  private static final JsonFactory FACTORY = new JsonFactory();

  private StructuredMode() {}

  /**
   * The same event in binary mode; a message that is not in structured mode as it is.
   *
   * @throws IllegalArgumentException when it is no CloudEvent
   */
  public static Message unfolded(Message message) {
    String type = mediaType(message.attributes().getOrDefault(CONTENT_TYPE, ""));
    return type.equals("application/cloudevents+json") ? read(message) : message;
  }

  /** A content type without its parameters, in lower case. */
  public static String mediaType(String contentType) {
    int parameters = contentType.indexOf(';');
    String bare = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return bare.trim().toLowerCase(Locale.ROOT);
  }

  /** Whether data of that media type are JSON. */
  public static boolean isJson(String mediaType) {
    return mediaType.equals(JSON) || mediaType.endsWith("+json");
  }

  private static Message read(Message folded) {
    byte[] json = folded.payload().toByteArray();
    try (JsonParser in = FACTORY.createParser(json)) {
      require(in.nextToken() == JsonToken.START_OBJECT, "no JSON object");
      Reading reading = new Reading(in, json);
      folded.headers().forEach(reading.event::header);
      while (in.nextToken() != JsonToken.END_OBJECT) {
        reading.member(in.currentName());
      }
      return reading.end();
    } catch (IOException e) {
      throw new IllegalArgumentException("a CloudEvent that is no JSON: " + e.getMessage(), e);
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(
          otherwise + " (expected: a CloudEvent with specversion 1.0, id, source and type)");
    }
  }

  /** One event on its way; the data wait until it is known what they are. */
  private static final class Reading {
    private final JsonParser in;
    private final byte[] json;
    private final Message.Builder event = Message.builder();
    private ByteString raw = ByteString.EMPTY;
    private ByteString text = ByteString.EMPTY;
    private boolean hasText;
    private boolean hasId;

    Reading(JsonParser in, byte[] json) {
      this.in = in;
      this.json = json;
    }

    void member(String name) throws IOException {
      JsonToken value = in.nextToken();
      switch (name) {
        case "data" -> data(value);
        case "data_base64" -> {
          raw = ByteString.copyFrom(in.getBinaryValue());
          hasText = false;
        }
        default -> {
          require(value.isScalarValue(), name + ": " + value);
          if (value != JsonToken.VALUE_NULL) {
            event.attribute(name, in.getText());
            hasId |= name.equals("id");
          }
        }
      }
    }

    private void data(JsonToken value) throws IOException {
      hasText = value == JsonToken.VALUE_STRING;
      text = hasText ? ByteString.copyFromUtf8(in.getText()) : ByteString.EMPTY;
      int begin = (int) in.currentTokenLocation().getByteOffset();
      in.skipChildren();
      if (hasText) {
        in.finishToken();
      }
      raw = ByteString.copyFrom(json, begin, (int) in.currentLocation().getByteOffset() - begin);
    }

    Message end() {
      Message read = event.build();
      require(read.attributes().getOrDefault("specversion", "").equals("1.0"), "no specversion");
      require(hasId && !read.type().isEmpty(), "no id or no type");
      require(read.attributes().containsKey("source"), "no source");
      String contentType = mediaType(read.attributes().getOrDefault(CONTENT_TYPE, JSON));
      Message.Builder result = read.toBuilder();
      if (!read.attributes().containsKey(CONTENT_TYPE)) {
        result.attribute(CONTENT_TYPE, JSON);
      }
      return result.payload(hasText && !isJson(contentType) ? text : raw).build();
    }
  }
}
