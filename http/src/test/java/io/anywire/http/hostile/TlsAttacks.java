package io.anywire.http.hostile;

import static io.anywire.http.hostile.RawTls.ALERT;
import static io.anywire.http.hostile.RawTls.APPLICATION_DATA;
import static io.anywire.http.hostile.RawTls.CHANGE_CIPHER_SPEC;
import static io.anywire.http.hostile.RawTls.HANDSHAKE;
import static io.anywire.http.hostile.RawTls.hello;
import static io.anywire.http.hostile.RawTls.record;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** Attacks on the TLS itself, within the handshake and behind it. */
final class TlsAttacks {
  private static final int MANY = 10;
  private static final int SOME = 6;
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String IN_THE_CLEAR = "400, closed";
  private static final int TLS_1_2 = 0x0303;
  private static final int RSA_WITH_RC4 = 0x0005;

  private final List<Attack> all = new ArrayList<>();

  static List<Attack> all() throws IOException {
    TlsAttacks attacks = new TlsAttacks();
    attacks.inTheClear();
    attacks.hellos();
    attacks.records();
    attacks.slowness();
    attacks.protocols();
    attacks.endings();
    return attacks.all;
  }

  private void inTheClear() {
    bytes("HTTP/1.1 in the clear", IN_THE_CLEAR, GET.getBytes(ISO_8859_1));
    bytes("HTTP/2 in the clear", IN_THE_CLEAR, RawHttp2.PREFACE.getBytes(ISO_8859_1));
    bytes("noise", IN_THE_CLEAR, "\u0001\u0002\u0003\u0004\u0005 noise".getBytes(ISO_8859_1));
    flood("flood in the clear", new byte[1 << 20]);
  }

  private void hellos() throws IOException {
    bytes(
        "hello that is noise",
        "alert decode_error, closed",
        record(HANDSHAKE, hello(99, new byte[99])));
    bytes(
        "hello of SSL 2",
        IN_THE_CLEAR,
        Fields.join(new byte[] {(byte) 0x80, 46, 1, 0, 2}, new byte[41]));
    bytes("hello of SSL 3", "alert protocol_version, closed", hello(0x0300, 0x002f));
    bytes("hello of TLS 1.0", "alert protocol_version, closed", hello(0x0301, 0xc013));
    bytes("hello of TLS 1.1", "alert protocol_version, closed", hello(0x0302, 0xc013));
    bytes("hello with RC4 only", "alert handshake_failure, closed", hello(TLS_1_2, RSA_WITH_RC4));
    bytes(
        "hello of no bytes",
        "alert decode_error, closed",
        record(HANDSHAKE, hello(0, new byte[0])));
    bytes(
        "hello of 16 MB announced",
        "alert illegal_parameter, closed",
        record(HANDSHAKE, hello(0xffffff, new byte[9000])));
    byte[] honest = RawTls.honestHello();
    flood("hello twice", honest, honest);
    bytes("hello in pieces of one byte", "closed", pieces(honest));
  }

  /** A record for each byte of what is in another record, which is allowed; and then nothing. */
  private static byte[] pieces(byte[] record) {
    byte[][] pieces = new byte[100][];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = record(HANDSHAKE, record[5 + i]);
    }
    return Fields.join(pieces);
  }

  private void records() {
    bytes(
        "data before the handshake",
        "alert unexpected_message, closed",
        record(APPLICATION_DATA, new byte[99]));
    bytes(
        "cipher changed before the handshake",
        "alert unexpected_message, closed",
        record(CHANGE_CIPHER_SPEC, (byte) 1));
    bytes("alert before the handshake", "closed", record(ALERT, (byte) 2, (byte) 40));
    flood("flood of warnings", many(record(ALERT, (byte) 1, (byte) 90)));
    bytes("empty records", IN_THE_CLEAR, many(record(HANDSHAKE)));
    bytes("record of a type nobody knows", IN_THE_CLEAR, record(99, new byte[99]));
    flood("record larger than allowed", record(HANDSHAKE, 40_000, new byte[40_000]));
  }

  private static byte[] many(byte[] one) {
    byte[][] all = new byte[1000][];
    Arrays.fill(all, one);
    return Fields.join(all);
  }

  private void slowness() throws IOException {
    byte[] honest = RawTls.honestHello();
    slow("silence", new byte[0], new byte[0]);
    slow("silence after one byte", Arrays.copyOf(honest, 1), new byte[0]);
    slow("silence within the hello", Arrays.copyOf(honest, 100), new byte[0]);
    slow("hello byte by byte", Arrays.copyOf(honest, 5), new byte[1]);
    slow("record of 16 KiB byte by byte", record(HANDSHAKE, 16384, new byte[0]), new byte[1]);
    slow("handshake never finished", honest, new byte[0]);
  }

  private void protocols() {
    add(
        "protocol nobody knows",
        "HTTP/1.1 is served",
        MANY,
        door -> {
          try (SSLSocket socket = Door.secured(door.plain(), "other")) {
            String outcome = new RawHttp1(socket).send(last()).outcome();
            return outcome.equals("200, closed") && socket.getApplicationProtocol().isEmpty()
                ? "HTTP/1.1 is served"
                : outcome;
          }
        });
    add(
        "h2 agreed upon, HTTP/1.1 spoken",
        "GOAWAY PROTOCOL_ERROR",
        MANY,
        door -> {
          try (RawHttp2 client = new RawHttp2(Door.secured(door.plain(), "h2"))) {
            return client.raw(GET).outcome();
          }
        });
    add(
        "http/1.1 agreed upon, HTTP/2 spoken",
        "505, closed",
        MANY,
        door -> {
          try (RawHttp1 client = new RawHttp1(Door.secured(door.plain(), "http/1.1"))) {
            return client.send(RawHttp2.PREFACE).outcome();
          }
        });
    add(
        "upgrade to h2c within TLS",
        "200, 200, closed",
        MANY,
        door -> {
          try (RawHttp1 client = new RawHttp1(Door.secured(door.plain(), "http/1.1"))) {
            return client
                .send(
                    "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
                        + last())
                .outcome();
          }
        });
    handshakes("renegotiation", "TLSv1.2", 1);
    handshakes("flood of new keys", "TLSv1.3", 200);
  }

  private static String last() {
    return "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  }

  /** What the JDK calls a handshake when there is one already. */
  private void handshakes(String name, String version, int count) {
    add(
        name,
        "closed",
        MANY,
        door -> {
          try (SSLSocket socket = Door.secured(door.plain(), "http/1.1", version)) {
            new RawHttp1(socket).send(GET).skip("/ of a");
            for (int i = 0; i < count; i++) {
              socket.startHandshake();
            }
            return socket.getInputStream().read() < 0 ? "closed" : "still open";
          } catch (SSLException | SocketException e) {
            return "closed";
          }
        });
  }

  private void endings() {
    behind("record that was changed", true, record(APPLICATION_DATA, new byte[99]));
    behind("record in the clear behind the handshake", true, GET.getBytes(ISO_8859_1));
    behind(
        "record larger than allowed behind the handshake",
        true,
        record(APPLICATION_DATA, 40_000, new byte[40_000]));
    behind("half a record, and the end", true, record(APPLICATION_DATA, 99, new byte[9]));
    behind("half a record, and silence", false, record(APPLICATION_DATA, 99, new byte[9]));
    cut("end without goodbye within the header", "POST / HTTP/1.1\r\nHost");
    cut(
        "end without goodbye within the body",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\nhello");
    add(
        "response unread",
        "closed",
        SOME,
        door -> {
          try (RawHttp1 client = new RawHttp1(Door.secured(door.plain(), "http/1.1"))) {
            client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
            Slowly.repeat(() -> client.takes("G"));
            return "closed";
          }
        });
  }

  /** After an honest request, bytes that TLS did not make. */
  private void behind(String name, boolean end, byte[] bytes) {
    add(
        name,
        "closed",
        end ? MANY : SOME,
        door -> {
          try (Socket plain = door.plain()) {
            RawHttp1 client = new RawHttp1(Door.secured(plain, "http/1.1"));
            client.send(GET).skip("/ of a");
            plain.getOutputStream().write(bytes);
            if (end) {
              plain.shutdownOutput();
            }
            return ended(plain);
          }
        });
  }

  private void cut(String name, String text) {
    add(
        name,
        "closed",
        MANY,
        door -> {
          try (Socket plain = door.plain()) {
            new RawHttp1(Door.secured(plain, "http/1.1")).send(text);
            plain.shutdownOutput();
            return ended(plain);
          }
        });
  }

  private static String ended(Socket plain) {
    try {
      plain.getInputStream().readAllBytes();
      return "closed";
    } catch (SocketTimeoutException e) {
      return "still open";
    } catch (IOException e) {
      return "closed";
    }
  }

  private void slow(String name, byte[] beginning, byte[] drop) {
    add(
        name,
        "closed",
        SOME,
        door -> {
          try (RawTls client = new RawTls(door)) {
            client.send(beginning);
            Slowly.repeat(() -> drop.length > 0 && client.waitsFor(drop));
            return client.outcome();
          }
        });
  }

  /** What comes while the server has closed already takes its answer with it. */
  private void flood(String name, byte[]... bytes) {
    add(
        name,
        "closed",
        MANY,
        door -> {
          try (RawTls client = new RawTls(door)) {
            String outcome = client.send(Fields.join(bytes)).outcome();
            return outcome.endsWith("closed") ? "closed" : outcome;
          }
        });
  }

  private void bytes(String name, String refusal, byte[]... bytes) {
    add(
        name,
        refusal,
        MANY,
        door -> {
          try (RawTls client = new RawTls(door)) {
            return client.send(Fields.join(bytes)).outcome();
          }
        });
  }

  private void add(String name, String refusal, int times, Attack.Program program) {
    all.add(new Attack("TLS", true, name, refusal, times, program));
  }
}
