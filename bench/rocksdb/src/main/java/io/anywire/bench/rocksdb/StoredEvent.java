package io.anywire.bench.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anywire.bench.messaging.Event;
import java.nio.ByteBuffer;

/** An event as bytes: four texts, each with its length before it, then the payload. */
final class StoredEvent {
  private StoredEvent() {}

  static byte[] encode(Event event) {
    byte[] id = event.id().getBytes(UTF_8);
    byte[] type = event.type().getBytes(UTF_8);
    byte[] source = event.source().getBytes(UTF_8);
    byte[] time = event.time().getBytes(UTF_8);
    int length = id.length + type.length + source.length + time.length + event.payload().length;
    ByteBuffer bytes = ByteBuffer.allocate(4 * Short.BYTES + length);
    put(bytes, id);
    put(bytes, type);
    put(bytes, source);
    put(bytes, time);
    return bytes.put(event.payload()).array();
  }

  static Event decode(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    String id = text(bytes);
    String type = text(bytes);
    String source = text(bytes);
    String time = text(bytes);
    byte[] payload = new byte[bytes.remaining()];
    bytes.get(payload);
    return new Event(id, type, source, time, payload);
  }

  private static void put(ByteBuffer bytes, byte[] text) {
    bytes.putShort((short) text.length).put(text);
  }

  private static String text(ByteBuffer bytes) {
    byte[] text = new byte[bytes.getShort()];
    bytes.get(text);
    return new String(text, UTF_8);
  }
}
