package io.anywire.http.rest;

import io.anywire.call.Failures;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Compression of whole bodies (RFC 9110, section 8.4.1.3; RFC 1952). */
final class Gzip {
  static final AsciiString NAME = AsciiString.cached("gzip");

  /** What a request may be encoded with. */
  static final String ACCEPTED = "gzip, identity";

  /** A smaller answer does not get smaller enough to be worth the work. */
  static final int LEAST = 1024;

  private Gzip() {}

  /** Whether the client would like its answer compressed (RFC 9110, section 12.5.3). */
  static boolean isWanted(Http2Headers request) {
    if (!request.contains(HttpHeaderNames.ACCEPT_ENCODING)) {
      return false;
    }
    int gzip = -1;
    int identity = -1;
    int any = -1;
    for (Weighted one : Weighted.list(request.valueIterator(HttpHeaderNames.ACCEPT_ENCODING))) {
      switch (one.value()) {
        case "gzip", "x-gzip" -> gzip = Math.max(gzip, one.weight());
        case "identity" -> identity = one.weight();
        case "*" -> any = one.weight();
        default -> {}
      }
    }
    int wanted = gzip >= 0 ? gzip : any;
    return wanted > 0 && wanted >= identity;
  }

  /** Whether that is a name of gzip. */
  static boolean isNamed(CharSequence encoding) {
    return AsciiString.contentEqualsIgnoreCase(encoding, NAME)
        || AsciiString.contentEqualsIgnoreCase(encoding, "x-gzip");
  }

  /** The bytes compressed; takes over the buffer. */
  static ByteBuf compress(ByteBuf plain) {
    ByteBuf compressed = Unpooled.buffer(Math.max(256, plain.readableBytes() / 4));
    try (OutputStream out = new GZIPOutputStream(new ByteBufOutputStream(compressed), 4096)) {
      plain.readBytes(out, plain.readableBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      plain.release();
    }
    return compressed;
  }

  /**
   * The plain bytes of a request. Inflates no further than the limit, however much is promised.
   *
   * @throws io.grpc.StatusRuntimeException {@code RESOURCE_EXHAUSTED} with {@link
   *     BodyTooLargeException} as its cause when it is larger, {@code INVALID_ARGUMENT} when it is
   *     no gzip
   */
  static byte[] inflate(byte[] compressed, int limit) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed), 4096)) {
      byte[] plain = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw BodyTooLargeException.status(limit).asRuntimeException();
      }
      return plain;
    } catch (IOException e) {
      throw Failures.invalidField("", "content-encoding: the body is no whole gzip");
    }
  }
}
