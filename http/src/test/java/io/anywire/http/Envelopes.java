package io.anywire.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages with a byte of flags and four of length before them, as gRPC and its relatives have it.
 */
public final class Envelopes {
  /** A message and its flags. */
  public record Envelope(int flags, byte[] message) {
    /** The message as text. */
    public String text() {
      return new String(message, UTF_8);
    }
  }

  private Envelopes() {}

  /** A message in its envelope. */
  public static byte[] of(int flags, byte[] message) {
    return ByteBuffer.allocate(5 + message.length)
        .put((byte) flags)
        .putInt(message.length)
        .put(message)
        .array();
  }

  /** Several one behind the other. */
  public static byte[] joined(byte[]... envelopes) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] envelope : envelopes) {
      all.writeBytes(envelope);
    }
    return all.toByteArray();
  }

  /** The envelopes of a body; fails when the last one is cut off. */
  public static List<Envelope> in(byte[] body) {
    List<Envelope> found = new ArrayList<>();
    ByteBuffer rest = ByteBuffer.wrap(body);
    while (rest.hasRemaining()) {
      int flags = rest.get();
      byte[] message = new byte[rest.getInt()];
      rest.get(message);
      found.add(new Envelope(flags & 255, message));
    }
    return found;
  }
}
