package io.anywire.http.connect;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** The envelope of a message in a stream: a byte of flags, four of length, the message. */
public final class Envelope {
  /** The bytes before the message. */
  public static final int PREFIX = 5;

  private Envelope() {}

  /** A plain message in its envelope. */
  public static byte[] of(byte[] message) {
    byte[] envelope = new byte[PREFIX + message.length];
    for (int i = 1; i < PREFIX; i++) {
      envelope[i] = (byte) (message.length >> 8 * (PREFIX - 1 - i));
    }
    System.arraycopy(message, 0, envelope, PREFIX, message.length);
    return envelope;
  }

  /** The message of a whole envelope. */
  public static byte[] content(byte[] envelope) {
    return Arrays.copyOfRange(envelope, PREFIX, envelope.length);
  }

  /**
   * Where the envelope ends that has {@code begun} and goes on at {@code from}, or -1 when it does
   * not end in these bytes.
   */
  public static int end(ByteBuf begun, byte[] bytes, int from) {
    int have = begun.readableBytes();
    int there = have + bytes.length - from;
    if (there < PREFIX) {
      return -1;
    }
    long length = 0;
    for (int i = 1; i < PREFIX; i++) {
      int b = i < have ? begun.getByte(i) : bytes[from + i - have];
      length = length << 8 | b & 255;
    }
    long end = from + PREFIX + length - have;
    return end <= bytes.length ? (int) end : -1;
  }
}
