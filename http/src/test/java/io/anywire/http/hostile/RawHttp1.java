package io.anywire.http.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A connection over which any bytes go, and what came back, told shortly. */
final class RawHttp1 implements AutoCloseable {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

  private final Socket socket;
  private final InputStream in;
  private final StringBuilder got = new StringBuilder();

  RawHttp1(int port) throws IOException {
    this(Door.open(port));
  }

  RawHttp1(Door door) throws IOException {
    this(door.connect("http/1.1"));
  }

  RawHttp1(Socket socket) throws IOException {
    this.socket = socket;
    in = new BufferedInputStream(socket.getInputStream(), 1024);
  }

  /** Sends text, one byte a character. A server that has closed already is no failure. */
  RawHttp1 send(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    } catch (IOException e) {
      // What the server said before it closed can still be read.
    }
    return this;
  }

  /** Whether the server takes what is sent, and has not answered yet. */
  boolean waitsFor(String text) {
    try {
      return in.available() == 0 && takes(text);
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether the server still takes what is sent. */
  boolean takes(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Reads until that text has come, and forgets what was read. */
  void skip(String until) throws IOException {
    StringBuilder read = new StringBuilder();
    int next;
    while (read.indexOf(until, read.length() - until.length()) < 0) {
      if ((next = in.read()) < 0) {
        throw new IOException("the end instead of '" + until + "' after '" + read + "'");
      }
      read.append((char) next);
    }
  }

  /** Everything that came, up to the end of the connection. */
  String text() throws IOException {
    byte[] piece = new byte[8192];
    try {
      int count;
      while ((count = in.read(piece)) >= 0) {
        got.append(new String(piece, 0, count, ISO_8859_1));
      }
    } catch (SocketTimeoutException e) {
      got.append("\n(still open)");
    } catch (SocketException e) {
      // A reset ends it, too.
    }
    return got.toString();
  }

  /** The statuses of all responses, and whether the server closed: {@code 400, closed}. */
  String outcome() throws IOException {
    String text = text();
    List<String> said = new ArrayList<>();
    for (Matcher status = STATUS.matcher(text); status.find(); ) {
      said.add(status.group(1));
    }
    said.add(text.endsWith("(still open)") ? "still open" : "closed");
    return String.join(", ", said);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
