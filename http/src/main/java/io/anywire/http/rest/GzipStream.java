package io.anywire.http.rest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/**
 * Compression of a stream whose pieces must not wait for one another: each is flushed. Holds native
 * memory until it is closed. Not thread-safe.
 */
final class GzipStream implements AutoCloseable {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream(512);
  private final GZIPOutputStream gzip;

  GzipStream() {
    try {
      gzip = new GZIPOutputStream(written, 512, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next piece compressed; takes over the buffer. */
  ByteBuf compress(ByteBuf plain) {
    try {
      plain.readBytes(gzip, plain.readableBytes());
      gzip.flush();
      return taken();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      plain.release();
    }
  }

  /** The end of the stream. */
  ByteBuf finish() {
    close();
    return taken();
  }

  @Override
  public void close() {
    try {
      gzip.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ByteBuf taken() {
    ByteBuf bytes = Unpooled.wrappedBuffer(written.toByteArray());
    written.reset();
    return bytes;
  }
}
