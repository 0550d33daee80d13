package io.anywire.http.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes responses of HTTP/1.1 as bytes (RFC 9112): a response that is there as a whole becomes one
 * buffer. Takes headers as every version of HTTP has them here, so that nothing is converted.
 *
 * <p>One for each event loop, for use on it only. What cannot stand in a header is rejected by an
 * {@link IllegalArgumentException}, so that nobody writes lines of their own.
 */
final class Http1Writer {
  /** A longer body is not worth copying behind its head. */
  private static final int SHORT_BODY = 8 << 10;

  private static final int KEPT = 64 << 10;
  private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
  private static final byte[] CONTENT_LENGTH = ascii("content-length: ");
  private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
  private static final byte[] CRLF = ascii("\r\n");
  private static final byte[] LAST_CHUNK = ascii("0\r\n");
  private static final int HIGHEST_STATUS = 599;
  private static final byte[][] STATUS_LINES = new byte[HIGHEST_STATUS + 1][];

  private static final FastThreadLocal<Http1Writer> OF_THE_LOOP =
      new FastThreadLocal<>() {
        @Override
        protected Http1Writer initialValue() {
          return new Http1Writer();
        }
      };

  private byte[] bytes = new byte[1 << 10];
  private int size;

  /** What a head says about the connection. */
  enum Connection {
    /** Nothing: what the version of HTTP assumes. */
    AS_ASSUMED(""),
    CLOSE("connection: close\r\n"),
    KEEP_ALIVE("connection: keep-alive\r\n");

    private final byte[] line;

    Connection(String line) {
      this.line = ascii(line);
    }
  }

  private Http1Writer() {}

  /** That of the event loop that this is called on. */
  static Http1Writer current() {
    return OF_THE_LOOP.get();
  }

  /** Whether a body can be written together with its head. */
  static boolean isShort(ByteBuf body) {
    return body.readableBytes() <= SHORT_BODY;
  }

  /** Tells the client to send the body that it holds back. */
  ByteBuf proceed(ByteBufAllocator buffers) {
    size = 0;
    add(CONTINUE);
    return taken(buffers);
  }

  /** A head whose headers say how long the body is, or that has none, or that the end tells. */
  ByteBuf head(ByteBufAllocator buffers, int status, Http2Headers headers, Connection connection) {
    begin(status, headers, connection);
    add(CRLF);
    return taken(buffers);
  }

  /** The head of a body in chunks. */
  ByteBuf chunkedHead(
      ByteBufAllocator buffers, int status, Http2Headers headers, Connection connection) {
    begin(status, headers, connection);
    add(CHUNKED);
    add(CRLF);
    return taken(buffers);
  }

  /** A whole response; the body is released when it is short, and is to follow when it is not. */
  ByteBuf whole(
      ByteBufAllocator buffers,
      int status,
      Http2Headers headers,
      Connection connection,
      ByteBuf body) {
    begin(status, headers, connection);
    add(CONTENT_LENGTH);
    int length = body.readableBytes();
    number(length, 10);
    add(CRLF);
    add(CRLF);
    if (isShort(body)) {
      room(length);
      body.readBytes(bytes, size, length);
      size += length;
      body.release();
    }
    return taken(buffers);
  }

  /** What stands before the data of a chunk. */
  ByteBuf beginOfChunk(ByteBufAllocator buffers, int length) {
    size = 0;
    number(length, 16);
    add(CRLF);
    return taken(buffers);
  }

  /** What stands behind the data of a chunk. */
  ByteBuf endOfChunk(ByteBufAllocator buffers) {
    size = 0;
    add(CRLF);
    return taken(buffers);
  }

  /** What ends a body in chunks. */
  ByteBuf lastChunk(ByteBufAllocator buffers, Http2Headers trailers) {
    size = 0;
    add(LAST_CHUNK);
    addAll(trailers);
    add(CRLF);
    return taken(buffers);
  }

  private void begin(int status, Http2Headers headers, Connection connection) {
    size = 0;
    add(statusLine(status));
    addAll(headers);
    add(connection.line);
  }

  private ByteBuf taken(ByteBufAllocator buffers) {
    ByteBuf result = buffers.directBuffer(size).writeBytes(bytes, 0, size);
    if (bytes.length > KEPT) {
      bytes = new byte[1 << 10];
    }
    return result;
  }

  private void addAll(Http2Headers headers) {
    for (Map.Entry<CharSequence, CharSequence> header : headers) {
      text(header.getKey());
      room(2);
      bytes[size++] = ':';
      bytes[size++] = ' ';
      text(header.getValue());
      add(CRLF);
    }
  }

  private void text(CharSequence text) {
    int from = size;
    int length = text.length();
    room(length);
    if (text instanceof AsciiString ascii) {
      System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, from, length);
    } else {
      for (int i = 0; i < length; i++) {
        char c = text.charAt(i);
        bytes[from + i] = c > 0xff ? 0 : (byte) c;
      }
    }
    size += length;
    for (int i = from; i < size; i++) {
      if (bytes[i] == '\r' || bytes[i] == '\n' || bytes[i] == 0) {
        throw new IllegalArgumentException(
            "a header with U+%04X in it (expected: one line of ISO-8859-1)"
                .formatted((int) text.charAt(i - from)));
      }
    }
  }

  private void number(int number, int radix) {
    if (number >= radix) {
      number(number / radix, radix);
    }
    room(1);
    bytes[size++] = (byte) Character.forDigit(number % radix, radix);
  }

  private void add(byte[] text) {
    room(text.length);
    System.arraycopy(text, 0, bytes, size, text.length);
    size += text.length;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }

  private static byte[] statusLine(int status) {
    byte[] known = status <= HIGHEST_STATUS ? STATUS_LINES[status] : null;
    if (known != null) {
      return known;
    }
    byte[] line = ascii("HTTP/1.1 " + HttpResponseStatus.valueOf(status) + "\r\n");
    if (status <= HIGHEST_STATUS) {
      STATUS_LINES[status] = line;
    }
    return line;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
