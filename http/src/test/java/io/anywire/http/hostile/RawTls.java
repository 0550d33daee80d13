package io.anywire.http.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** A connection over which any records of TLS go (RFC 8446, section 5.1), and what came back. */
final class RawTls implements AutoCloseable {
  static final int CHANGE_CIPHER_SPEC = 20;
  static final int ALERT = 21;
  static final int HANDSHAKE = 22;
  static final int APPLICATION_DATA = 23;

  private static final int CLIENT_HELLO = 1;
  private static final int TLS_1_0 = 0x0301;

  private static final Map<Integer, String> ALERTS =
      Map.of(
          10, "unexpected_message",
          22, "record_overflow",
          40, "handshake_failure",
          47, "illegal_parameter",
          50, "decode_error",
          70, "protocol_version",
          80, "internal_error",
          120, "no_application_protocol");

  private final Socket socket;
  private final InputStream in;

  RawTls(Door door) throws IOException {
    socket = door.plain();
    in = socket.getInputStream();
  }

  /** Sends bytes. A server that has closed already is no failure. */
  RawTls send(byte[] bytes) {
    takes(bytes);
    return this;
  }

  /** Whether the server takes what is sent, and has not answered yet. */
  boolean waitsFor(byte[] bytes) {
    try {
      return in.available() == 0 && takes(bytes);
    } catch (IOException e) {
      return false;
    }
  }

  private boolean takes(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Nothing more follows. */
  RawTls end() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** What the server said in the clear until it closed: an alert, a status, nothing. */
  String outcome() throws IOException {
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    byte[] piece = new byte[4096];
    try {
      int count;
      while ((count = in.read(piece)) >= 0) {
        got.write(piece, 0, count);
      }
    } catch (SocketTimeoutException e) {
      return "still open";
    } catch (SocketException e) {
      // A reset ends it, too.
    }
    String text = got.toString(ISO_8859_1);
    return text.startsWith("HTTP/1.1 ")
        ? text.substring(9, 12) + ", closed"
        : alert(ByteBuffer.wrap(got.toByteArray()));
  }

  private static String alert(ByteBuffer records) {
    while (records.remaining() >= 7) {
      int type = records.get();
      int length = records.getShort(records.position() + 2);
      if (type == ALERT && length == 2) {
        int code = records.get(records.position() + 5);
        return "alert " + ALERTS.getOrDefault(code, String.valueOf(code)) + ", closed";
      }
      records.position(Math.min(records.limit(), records.position() + 4 + length));
    }
    return "closed";
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** A record with the length that its content has. */
  static byte[] record(int type, byte... content) {
    return record(type, content.length, content);
  }

  /** A record with a length that may be a lie. */
  static byte[] record(int type, int length, byte[] content) {
    return ByteBuffer.allocate(5 + content.length)
        .put((byte) type)
        .putShort((short) TLS_1_0)
        .putShort((short) length)
        .put(content)
        .array();
  }

  /** A ClientHello with a length that may be a lie. */
  static byte[] hello(int length, byte[] body) {
    return ByteBuffer.allocate(4 + body.length)
        .putInt(CLIENT_HELLO << 24 | length)
        .put(body)
        .array();
  }

  /** A ClientHello of that version without extensions, which offers one cipher. */
  static byte[] hello(int version, int cipher) {
    byte[] body =
        ByteBuffer.allocate(2 + 32 + 1 + 2 + 2 + 2)
            .putShort((short) version)
            .put(new byte[32])
            .put((byte) 0)
            .putShort((short) 2)
            .putShort((short) cipher)
            .put((byte) 1)
            .put((byte) 0)
            .array();
    return record(HANDSHAKE, hello(body.length, body));
  }

  /** The one of the JDK's client, as a record. */
  static byte[] honestHello() throws IOException {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine("localhost", 443);
      engine.setUseClientMode(true);
      ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), record);
      byte[] bytes = new byte[record.flip().remaining()];
      record.get(bytes);
      return bytes;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }
}
