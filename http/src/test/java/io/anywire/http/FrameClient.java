package io.anywire.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.function.Predicate;

/**
 * A client of HTTP/2 that sends exactly the frames that it is told to, also such as no client
 * should send. It acknowledges settings and PINGs only when told to. Not thread-safe.
 */
public final class FrameClient implements AutoCloseable {
  /** Types of frames (RFC 9113, section 6). */
  public static final int DATA = 0, HEADERS = 1, RST_STREAM = 3, SETTINGS = 4, PING = 6, GOAWAY = 7;

  /** Flags of frames. */
  public static final int END_STREAM = 1, ACK = 1, END_HEADERS = 4;

  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final DefaultHttp2HeadersEncoder hpack =
      new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true);
  private final DefaultHttp2HeadersDecoder unpack = new DefaultHttp2HeadersDecoder(false, 1 << 20);

  /** A frame that came; {@code headers} are empty in others than HEADERS. */
  public record Frame(int type, int flags, int stream, byte[] payload, Http2Headers headers) {
    /** Whether nothing follows on its stream. */
    public boolean endsStream() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    /** The error code of a RST_STREAM or GOAWAY. */
    public int code() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }

    /** The text of a GOAWAY. */
    public String text() {
      return new String(payload, 8, payload.length - 8, US_ASCII);
    }

    /** A header, or an empty text. */
    public String header(String name) {
      return String.valueOf(headers.get(name, ""));
    }
  }

  /** Connects, and sends the preface and settings of the given identifiers and values. */
  public FrameClient(int port, int... settings) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
    out.write(PREFACE);
    ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
    for (int i = 0; i < settings.length; i += 2) {
      payload.putShort((short) settings[i]).putInt(settings[i + 1]);
    }
    send(SETTINGS, 0, 0, payload.array());
  }

  /** Sends a frame. */
  public FrameClient send(int type, int flags, int stream, byte... payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    out.write(frame.array());
    return this;
  }

  /** Sends the headers of a gRPC call; more names and values replace or follow the usual ones. */
  public FrameClient call(int stream, String path, String... more) throws IOException {
    Http2Headers headers =
        new DefaultHttp2Headers(false)
            .method("POST")
            .scheme("http")
            .path(path)
            .authority("test")
            .set("te", "trailers")
            .set("content-type", "application/grpc");
    for (int i = 0; i < more.length; i += 2) {
      if (more[i + 1].isEmpty()) {
        headers.remove(more[i]);
      } else {
        headers.set(more[i], more[i + 1]);
      }
    }
    return headers(stream, false, headers);
  }

  /** Sends headers. */
  public FrameClient headers(int stream, boolean end, Http2Headers headers) throws IOException {
    ByteBuf block = Unpooled.buffer();
    try {
      hpack.encodeHeaders(stream, headers, block);
      byte[] bytes = new byte[block.readableBytes()];
      block.readBytes(bytes);
      return send(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, bytes);
    } catch (Http2Exception e) {
      throw new IllegalArgumentException(e);
    } finally {
      block.release();
    }
  }

  /** Sends data. */
  public FrameClient data(int stream, boolean end, byte... payload) throws IOException {
    return send(DATA, end ? END_STREAM : 0, stream, payload);
  }

  /** Resets a stream. */
  public FrameClient reset(int stream, int code) throws IOException {
    return send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
  }

  /** Sends a PING. */
  public FrameClient ping() throws IOException {
    return send(PING, 0, 0, new byte[8]);
  }

  /** Reads frames up to the first that fits. */
  public Frame await(Predicate<Frame> fits) throws IOException {
    Frame frame;
    do {
      frame = read();
    } while (!fits.test(frame));
    return frame;
  }

  /** Reads frames up to the first of a type. */
  public Frame await(int type) throws IOException {
    return await(frame -> frame.type() == type);
  }

  /** Reads frames up to the one that ends or resets a stream. */
  public Frame awaitEnd(int stream) throws IOException {
    return await(f -> f.stream() == stream && (f.endsStream() || f.type() == RST_STREAM));
  }

  /** Whether the server ends the connection, whatever frames come before. */
  public boolean isClosed() throws IOException {
    try {
      await(frame -> false);
      return false;
    } catch (EOFException | SocketException e) {
      return true;
    }
  }

  private Frame read() throws IOException {
    int lengthAndType = in.readInt();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = in.readNBytes(lengthAndType >>> 8);
    int type = lengthAndType & 255;
    return new Frame(type, flags, stream, payload, type == HEADERS ? unpacked(payload) : none());
  }

  private Http2Headers unpacked(byte[] block) {
    try {
      return unpack.decodeHeaders(1, Unpooled.wrappedBuffer(block));
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Http2Headers none() {
    return new DefaultHttp2Headers(false);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
