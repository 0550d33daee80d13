package io.anywire.messaging.envelope;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.anywire.broker.Message;
import io.grpc.Metadata;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tasks and events as CloudEvents 1.0, with gRPC metadata beside them: the header {@code
 * grpc-<key>} holds a key's value, several values separated by commas, binary ones in base64.
 */
public final class Envelope {
  /** The header that says how often a task may be tried, where its caller said so. */
  public static final String ATTEMPTS = "anywire-attempts";

  /** The header that says how long the first retry waits, as ISO 8601 writes durations. */
  public static final String FIRST_RETRY = "anywire-first-retry";

  /** The header that says how long a retry waits at most, as ISO 8601 writes durations. */
  public static final String LONGEST_RETRY = "anywire-longest-retry";

  /** The header of an event whose outcomes are to be noted. */
  public static final String TRACKED = "anywire-tracked";

  /** The header that names the inbox to be told of a task's end. */
  public static final String REPLY_TO = "anywire-reply-to";

  /** The header of a task whose result nobody will ask for. */
  public static final String IGNORE_RESULT = "anywire-ignore-result";

  private static final String PREFIX = "grpc-";

  private Envelope() {}

  /** Begins a message of that type, with a fresh id and the present time. */
  public static Message.Builder begin(String type, String source) {
    return Message.builder()
        .attribute("specversion", "1.0")
        .attribute("type", type)
        .attribute("source", source)
        .attribute("time", Instant.now().toString())
        .attribute("datacontenttype", Codec.PROTOBUF.mediaType());
  }

  /** Adds metadata as headers. */
  public static void addMetadata(Message.Builder message, Metadata metadata) {
    Map<String, String> headers = new TreeMap<>();
    MetadataEntries.forEach(
        metadata,
        (key, value) ->
            headers.merge(PREFIX + key, text(key, value), (first, next) -> first + "," + next));
    headers.forEach(message::header);
  }

  /**
   * The metadata that came as headers.
   *
   * @throws IllegalArgumentException when metadata cannot have such a key or value
   */
  public static Metadata metadata(Message message) {
    Metadata metadata = new Metadata();
    message.headers().forEach((name, value) -> readHeader(metadata, name, value));
    return metadata;
  }

  private static void readHeader(Metadata metadata, String name, String value) {
    if (!name.startsWith(PREFIX)) {
      return;
    }
    String key = name.substring(PREFIX.length());
    if (MetadataEntries.isBinary(key)) {
      for (String one : value.split(",", -1)) {
        MetadataEntries.put(metadata, key, Base64.getDecoder().decode(one));
      }
    } else {
      MetadataEntries.put(metadata, key, value.getBytes(US_ASCII));
    }
  }

  private static String text(String key, byte[] value) {
    return MetadataEntries.isBinary(key)
        ? Base64.getEncoder().encodeToString(value)
        : new String(value, US_ASCII);
  }
}
