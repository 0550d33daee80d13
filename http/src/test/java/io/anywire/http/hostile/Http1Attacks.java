package io.anywire.http.hostile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Attacks over HTTP/1.1. */
final class Http1Attacks {
  private static final int MANY = 16;
  private static final int SOME = 6;
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\n";

  /** Comes through only if the server took the attack for something shorter than it is. */
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

  private static final String LAST = "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  private static final String MALFORMED = "400, closed";
  private static final String TOO_LARGE = "431, closed";
  private static final String TIMED_OUT = "408, closed";

  private final boolean secure;
  private final List<Attack> all = new ArrayList<>();

  private Http1Attacks(boolean secure) {
    this.secure = secure;
  }

  static List<Attack> all() {
    Http1Attacks attacks = new Http1Attacks(false);
    attacks.lengths();
    attacks.codings();
    attacks.chunks();
    attacks.lines();
    attacks.targets();
    attacks.hosts();
    attacks.sizes();
    attacks.slowness();
    attacks.floods();
    return attacks.all;
  }

  /** Those that are worth a try within TLS, too. */
  static List<Attack> withinTls() {
    Http1Attacks attacks = new Http1Attacks(true);
    attacks.lengths();
    attacks.codings();
    attacks.chunks();
    attacks.slowness();
    attacks.floods();
    return attacks.all;
  }

  private void lengths() {
    bytes(
        "length and chunks at once",
        MALFORMED,
        POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
    bytes(
        "two lengths that differ",
        MALFORMED,
        POST + "Content-Length: 5\r\nContent-Length: 50\r\n\r\nhello" + SMUGGLED);
    bytes(
        "two lengths that agree",
        MALFORMED,
        POST + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" + SMUGGLED);
    bytes(
        "two lengths in HTTP/1.0",
        "200, closed",
        "POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 5\r\nContent-Length: 50\r\n"
            + "\r\nhello"
            + SMUGGLED);
    for (String bad : List.of("+5", "-5", "5 5", "0x5", "5, 5", "5a", "99999999999999999999", "")) {
      bytes(
          "length " + shown(bad),
          MALFORMED,
          POST + "Content-Length: " + bad + "\r\n\r\nhello" + SMUGGLED);
    }
  }

  private static String shown(String bad) {
    String visible = bad.replace("\r\n", "␍␊").replace("\u000b", "␋");
    return bad.isEmpty() ? "of nothing" : "`" + visible + "`";
  }

  private void codings() {
    for (String bad :
        List.of(
            "identity",
            "xchunked",
            "chunked, identity",
            "chunked, chunked",
            "chunked;q=1",
            "\u000bchunked",
            "\r\n chunked",
            "chunked\r\nTransfer-Encoding: identity",
            "chunked\r\nTransfer-Encoding: chunked")) {
      bytes(
          "coding " + shown(bad),
          MALFORMED,
          POST + "Transfer-Encoding: " + bad + "\r\n\r\n0\r\n\r\n" + SMUGGLED);
    }
    bytes(
        "coding `gzip, chunked`",
        "501, closed",
        POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
    bytes(
        "chunks in HTTP/1.0",
        MALFORMED,
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
  }

  private void chunks() {
    chunk("size that overflows", "FFFFFFFFFFFFFFFF\r\nx", MALFORMED);
    chunk("size that is negative", "-1\r\nx", MALFORMED);
    chunk("size with a prefix", "0x5\r\nhello", MALFORMED);
    chunk("size of nothing", "\r\nhello", MALFORMED);
    chunk("data longer than the size", "2\r\nhello\r\n0\r\n\r\n" + SMUGGLED, MALFORMED);
    chunk("line ended by LF alone", "5\nhello\r\n0\r\n\r\n" + SMUGGLED, MALFORMED);
    chunk("extension with a bare LF", "5;a\nb\r\nhello\r\n0\r\n\r\n" + SMUGGLED, MALFORMED);
    chunk("extension of 10 KB", "5;" + "x".repeat(10_000) + "\r\nhello\r\n", MALFORMED);
    chunk("flood of extensions", ("1;" + "x".repeat(3000) + "\r\na\r\n").repeat(100), MALFORMED);
    chunk("trailers that are too large", "0\r\n" + "a: b\r\n".repeat(5000) + "\r\n", TOO_LARGE);
    chunk(
        "trailer that would be a length",
        "0\r\nContent-Length: 50\r\nTransfer-Encoding: chunked\r\n\r\n" + LAST,
        "200, 200, closed");
  }

  private void chunk(String what, String body, String refusal) {
    bytes("chunk: " + what, refusal, POST + "Transfer-Encoding: chunked\r\n\r\n" + body);
  }

  private void lines() {
    header("space before the colon", "X : y");
    header("bare CR in a value", "X: a\rContent-Length: 5");
    header("line ended by LF alone", "X: a\nY: b");
    header("NUL in a value", "X: a\0b");
    header("NUL in a name", "X\0: a");
    header("line without a colon", "nonsense");
    header("line without a name", ": a");
    header("name with a blank within", "X Y: a");
    bytes("first line folded", MALFORMED, "GET / HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n");
    bytes("folded line", "200, 200, closed", GET + "X: a\r\n Content-Length: 50\r\n\r\n" + LAST);
    bytes("head ended by LF alone", MALFORMED, GET + "\n" + SMUGGLED);
    bytes("blank lines before", "200, closed", "\r\n\r\n" + LAST);
    bytes("blank lines without end", "414, closed", "\r\n".repeat(200_000));
    bytes("expectation nobody knows", "417, closed", POST + "Expect: magic\r\n\r\n");
    bytes(
        "two expectations",
        "417, closed",
        POST + "Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
    bytes(
        "expectation in HTTP/1.0",
        "200, closed",
        "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");
    bytes(
        "body after the last request",
        "200, closed",
        GET + "Connection: close\r\n\r\n" + SMUGGLED + SMUGGLED);
    upgrades();
  }

  private void upgrades() {
    String upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n";
    String settings = "HTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    bytes("upgrade in a malformed head", MALFORMED, GET + upgrade + settings + "X : y\r\n\r\n");
    bytes(
        "upgrade with two settings",
        "200, 200, closed",
        GET + upgrade + settings + settings + "\r\n" + LAST);
    bytes(
        "upgrade with broken settings",
        "200, 200, closed",
        GET + upgrade + "HTTP2-Settings: ####\r\n\r\n" + LAST);
    bytes(
        "upgrade in HTTP/1.0",
        "200, closed",
        "GET / HTTP/1.0\r\nHost: a\r\n" + upgrade + settings + "\r\n");
    bytes(
        "upgrade that nobody knows",
        "200, 200, closed",
        GET + "Connection: Upgrade\r\nUpgrade: telnet\r\n\r\n" + LAST);
  }

  private void header(String what, String line) {
    bytes(what, MALFORMED, GET + line + "\r\n\r\n" + SMUGGLED);
  }

  private void targets() {
    bytes("HTTP/0.9", MALFORMED, "GET /\r\n\r\n");
    bytes("HTTP/2.0 in the request line", "505, closed", "GET / HTTP/2.0\r\nHost: a\r\n\r\n");
    bytes("HTTP/1.11", MALFORMED, "GET / HTTP/1.11\r\nHost: a\r\n\r\n");
    bytes("method in lower case", "501, closed", "get / HTTP/1.1\r\nHost: a\r\n\r\n");
    bytes("method that is no token", MALFORMED, "GE@T / HTTP/1.1\r\nHost: a\r\n\r\n");
    bytes("TRACE", "501, closed", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n");
    bytes("CONNECT", "501, closed", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n");
    bytes("blanks in the target", MALFORMED, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n");
    bytes("NUL in the target", MALFORMED, "GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n");
    bytes("fragment in the target", MALFORMED, "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n");
    bytes("star for GET", MALFORMED, "GET * HTTP/1.1\r\nHost: a\r\n\r\n");
    bytes("target without a slash", MALFORMED, "GET a HTTP/1.1\r\nHost: a\r\n\r\n");
    bytes("TLS on a plain port", MALFORMED, "\u0016\u0003\u0001\0\u0005hello\r\n\r\n");
    bytes("noise", MALFORMED, "\u0001\u0002\u0003\u0004\u0005\r\n\r\n");
  }

  private void hosts() {
    bytes("no host", MALFORMED, "GET / HTTP/1.1\r\n\r\n");
    bytes("two hosts", MALFORMED, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    for (String bad : List.of("", "a, b", "a/b", "u@a", "a b", "a:80x", "a:b:c", "a?b", "a\\b")) {
      bytes("host " + shown(bad), MALFORMED, "GET / HTTP/1.1\r\nHost: " + bad + "\r\n\r\n");
    }
    for (String bad : List.of("ftp://a/", "http:///", "http://u@a/", "http://a b/", "http:a")) {
      bytes("target " + shown(bad), MALFORMED, "GET " + bad + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    add(
        "target of another host",
        "the target's host is served",
        MANY,
        door -> {
          try (RawHttp1 client = new RawHttp1(door)) {
            client.send("GET http://b/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            String text = client.text();
            return text.endsWith("/x of b") ? "the target's host is served" : text;
          }
        });
  }

  private void sizes() {
    bytes("request line too long", "414, closed", "GET /" + "x".repeat(5000) + " HTTP/1.1\r\n");
    bytes("header line too long", TOO_LARGE, GET + "X: " + "y".repeat(5000) + "\r\n\r\n");
    bytes("header too large", TOO_LARGE, GET + ("X: " + "y".repeat(1000) + "\r\n").repeat(20));
    bytes("header without end", TOO_LARGE, GET + "X: " + "y".repeat(100_000));
    bytes("too many header lines", TOO_LARGE, GET + "X:\r\n".repeat(100) + "\r\n");
    bytes("name of 10 KB", TOO_LARGE, GET + "X".repeat(10_000) + ": y\r\n\r\n");
  }

  private void slowness() {
    slow("silence after one byte", secure ? TIMED_OUT : "closed", "G", "");
    slow("silence within the request line", TIMED_OUT, "GET / HT", "");
    slow("silence within the header", TIMED_OUT, GET + "X: y", "");
    slow("header byte by byte", TIMED_OUT, GET + "X: ", "y");
    slow("blank lines one by one", TIMED_OUT, "\r\n\r\n\r\n", "\r\n");
    slow("silence within the body", TIMED_OUT, POST + "Content-Length: 9999\r\n\r\n", "");
    slow("body byte by byte", TIMED_OUT, POST + "Content-Length: 9999\r\n\r\n", "x");
    slow(
        "chunks byte by byte",
        TIMED_OUT,
        POST + "Transfer-Encoding: chunked\r\n\r\n",
        "1\r\nx\r\n");
  }

  private void slow(String what, String refusal, String beginning, String drop) {
    if (secure && !drop.isEmpty()) {
      return;
    }
    add(
        what,
        refusal,
        SOME,
        door -> {
          try (RawHttp1 client = new RawHttp1(door)) {
            client.send(beginning);
            Slowly.repeat(() -> !drop.isEmpty() && client.waitsFor(drop));
            return client.outcome();
          }
        });
  }

  private void floods() {
    add(
        "requests ahead without end, responses unread",
        "closed",
        SOME,
        door -> unread(door, (GET.replace("/ ", "/large ") + "\r\n").repeat(10)));
    add("large response unread", "closed", SOME, door -> unread(door, get("/large").repeat(30)));
    add("endless response unread", "closed", SOME, door -> unread(door, get("/endless")));
    add(
        "requests beyond those that may wait",
        "closed after those before",
        SOME,
        door -> {
          try (RawHttp1 client = new RawHttp1(door)) {
            client.send(get("/").repeat(600));
            String outcome = client.outcome();
            boolean some = outcome.startsWith("200, ") && outcome.endsWith("200, closed");
            return some && outcome.length() < 600 * 5 ? "closed after those before" : outcome;
          }
        });
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  /** Asks until the server takes no more, and reads nothing, until the server has had enough. */
  private static String unread(Door door, String requests) throws IOException {
    try (RawHttp1 client = new RawHttp1(door)) {
      client.send(requests);
      Slowly.repeat(() -> client.takes("G"));
      return "closed";
    }
  }

  private void bytes(String name, String refusal, String text) {
    add(
        name,
        refusal,
        MANY,
        door -> {
          try (RawHttp1 client = new RawHttp1(door)) {
            return client.send(text).outcome();
          }
        });
  }

  private void add(String name, String refusal, int times, Attack.Program program) {
    String wire = secure ? "HTTP/1.1 in TLS" : "HTTP/1.1";
    all.add(
        new Attack(wire, secure, name, refusal, Math.min(times, secure ? SOME : MANY), program));
  }
}
