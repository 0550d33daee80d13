package io.anywire.http.rest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Takes a body as it is written. Writers of short bodies hand them over in one piece, which is then
 * copied once, to its own length. Confined to one thread.
 */
final class WrittenBody extends OutputStream {
  private static final byte[] NONE = {};

  private byte[] bytes = NONE;
  private int size;

  @Override
  public void write(int one) {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) {
    if (size == 0) {
      bytes = Arrays.copyOfRange(from, offset, offset + length);
    } else {
      if (bytes.length - size < length) {
        bytes = Arrays.copyOf(bytes, Math.max(size + length, 2 * size));
      }
      System.arraycopy(from, offset, bytes, size, length);
    }
    size += length;
  }

  /** What was written. Nothing may be written after this. */
  ByteBuf buffer() {
    return Unpooled.wrappedBuffer(bytes, 0, size);
  }
}
