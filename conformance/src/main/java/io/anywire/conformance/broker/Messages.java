package io.anywire.conformance.broker;

import com.google.protobuf.ByteString;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Messages that carry a text. */
public final class Messages {
  private Messages() {}

  /** A message with that text. */
  public static Message message(String text) {
    return Message.of(ByteString.copyFromUtf8(text));
  }

  /** The same with an ordering key. */
  static Message keyed(String key, String text) {
    return message(text).toBuilder().attribute(Message.KEY, key).build();
  }

  /** The same with a priority. */
  static Message prioritised(int priority, String text) {
    return message(text).toBuilder().attribute(Message.PRIORITY, "" + priority).build();
  }

  /** A message of that many bytes. */
  static Message large(int bytes) {
    return Message.of(ByteString.copyFrom(new byte[bytes]));
  }

  /** The text of a message. */
  public static String text(Message message) {
    return message.payload().toStringUtf8();
  }

  /** The text of what was delivered. */
  public static String text(Delivery delivery) {
    return text(delivery.message());
  }

  /** Texts that begin with {@code what}, numbered from 0. */
  static List<String> texts(String what, int count) {
    return IntStream.range(0, count).mapToObj(i -> what + " " + i).toList();
  }

  /** A name that nothing has. */
  static String fresh(String what) {
    return what + "-" + UUID.randomUUID();
  }
}
