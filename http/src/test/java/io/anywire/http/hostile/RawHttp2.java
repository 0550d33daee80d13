package io.anywire.http.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;

/** A connection over which any frames go (RFC 9113, section 4.1), and what came back. */
final class RawHttp2 implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;
  static final int WHOLE = END_STREAM | END_HEADERS;

  static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final byte[] NOTHING = {};

  /** A frame as it came. */
  record Frame(int type, int flags, int stream, byte[] payload) {}

  private final Socket socket;
  private final DataInputStream in;
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
  private final Http2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false);

  RawHttp2(Door door) throws IOException {
    this(door.connect("h2"));
  }

  RawHttp2(Socket socket) throws IOException {
    this.socket = socket;
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1024));
  }

  /** A connection with preface and settings. */
  static RawHttp2 open(int port) throws IOException {
    return open(Door.open(port));
  }

  /** The same with these settings: ids and values. */
  static RawHttp2 open(Door door, int... settings) throws IOException {
    return new RawHttp2(door).raw(PREFACE).settings(settings);
  }

  RawHttp2 raw(String text) {
    waiting.writeBytes(text.getBytes(ISO_8859_1));
    return this;
  }

  /** Writes a frame with the length that its payload has. */
  RawHttp2 frame(int type, int flags, int stream, byte[] payload) {
    return frame(payload.length, type, flags, stream, payload);
  }

  /** Writes a frame with a length that may be a lie. */
  RawHttp2 frame(int length, int type, int flags, int stream, byte[] payload) {
    waiting.writeBytes(
        ByteBuffer.allocate(9).putInt(length << 8 | type).put((byte) flags).putInt(stream).array());
    waiting.writeBytes(payload);
    return this;
  }

  RawHttp2 settings(int... idsAndValues) {
    ByteBuffer payload = ByteBuffer.allocate(idsAndValues.length / 2 * 6);
    for (int i = 0; i < idsAndValues.length; i += 2) {
      payload.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
    }
    return frame(SETTINGS, 0, 0, payload.array());
  }

  /** A whole request without a body. */
  RawHttp2 get(int stream, String path) {
    return headers(stream, WHOLE, Block.request("GET", path));
  }

  /** The head of a request with a body. */
  RawHttp2 post(int stream, String path) {
    return headers(stream, END_HEADERS, Block.request("POST", path));
  }

  RawHttp2 headers(int stream, int flags, Block block) {
    return frame(HEADERS, flags, stream, block.bytes());
  }

  RawHttp2 data(int stream, int flags, int bytes) {
    return frame(DATA, flags, stream, new byte[bytes]);
  }

  RawHttp2 windowUpdate(int stream, int increment) {
    return frame(WINDOW_UPDATE, 0, stream, word(increment));
  }

  RawHttp2 reset(int stream) {
    return frame(RST_STREAM, 0, stream, word(8));
  }

  RawHttp2 ping() {
    return frame(PING, 0, 0, new byte[8]);
  }

  static byte[] word(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /** Sends what waits; says whether the server took it. */
  boolean flush() {
    try {
      socket.getOutputStream().write(waiting.toByteArray());
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      waiting.reset();
    }
  }

  /** The next frame; an empty one of type -1 at the end of the connection. */
  Frame read() throws IOException {
    try {
      int lengthAndType = in.readInt();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      return new Frame(lengthAndType & 0xff, flags, stream, in.readNBytes(lengthAndType >>> 8));
    } catch (EOFException | SocketException e) {
      return new Frame(-1, 0, 0, NOTHING);
    }
  }

  /** Sends what waits, and says how the server refused: GOAWAY, RST_STREAM, a status, a close. */
  String outcome() throws IOException, Http2Exception {
    flush();
    while (true) {
      Frame frame = read();
      switch (frame.type()) {
        case -1:
          return "closed";
        case GOAWAY:
          return "GOAWAY " + code(frame, 4);
        case RST_STREAM:
          return "RST_STREAM " + code(frame, 0);
        case HEADERS:
          return status(frame);
        default:
          break;
      }
    }
  }

  private static String code(Frame frame, int at) {
    return String.valueOf(Http2Error.valueOf(ByteBuffer.wrap(frame.payload()).getInt(at)));
  }

  private String status(Frame frame) throws Http2Exception {
    ByteBuf block = Unpooled.wrappedBuffer(frame.payload());
    return String.valueOf(headers.decodeHeaders(frame.stream(), block).status());
  }

  /** Sends what waits, and reads on to the next frame of that type, or to the end. */
  Frame read(int type) throws IOException {
    flush();
    Frame frame;
    do {
      frame = read();
    } while (frame.type() != type && frame.type() != -1);
    return frame;
  }

  /** Reads on, past everything else, to the end or to a frame of that type. */
  String await(int type) throws IOException {
    Frame frame;
    do {
      frame = read();
    } while (frame.type() != type && frame.type() != GOAWAY && frame.type() != -1);
    return switch (frame.type()) {
      case GOAWAY -> "GOAWAY " + code(frame, 4);
      case RST_STREAM -> "RST_STREAM " + code(frame, 0);
      default -> "closed";
    };
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** A block of header fields, in literals that HPACK does not index (RFC 7541, section 6.2.2). */
  static final class Block {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static Block request(String method, String path) {
      return new Block()
          .add(":method", method)
          .add(":scheme", "http")
          .add(":path", path)
          .add(":authority", "a");
    }

    Block add(String name, String value) {
      bytes.write(0);
      return string(name).string(value);
    }

    Block raw(int... values) {
      for (int value : values) {
        bytes.write(value);
      }
      return this;
    }

    private Block string(String text) {
      int length = text.length();
      if (length < 127) {
        bytes.write(length);
      } else {
        bytes.write(127);
        for (length -= 127; length >= 128; length >>>= 7) {
          bytes.write(length & 127 | 128);
        }
        bytes.write(length);
      }
      bytes.writeBytes(text.getBytes(ISO_8859_1));
      return this;
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
