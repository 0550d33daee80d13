package io.anywire.http.hostile;

import static io.anywire.http.hostile.RawHttp2.ACK;
import static io.anywire.http.hostile.RawHttp2.CONTINUATION;
import static io.anywire.http.hostile.RawHttp2.DATA;
import static io.anywire.http.hostile.RawHttp2.END_HEADERS;
import static io.anywire.http.hostile.RawHttp2.END_STREAM;
import static io.anywire.http.hostile.RawHttp2.GOAWAY;
import static io.anywire.http.hostile.RawHttp2.HEADERS;
import static io.anywire.http.hostile.RawHttp2.PADDED;
import static io.anywire.http.hostile.RawHttp2.PING;
import static io.anywire.http.hostile.RawHttp2.PREFACE;
import static io.anywire.http.hostile.RawHttp2.PRIORITY;
import static io.anywire.http.hostile.RawHttp2.PUSH_PROMISE;
import static io.anywire.http.hostile.RawHttp2.RST_STREAM;
import static io.anywire.http.hostile.RawHttp2.SETTINGS;
import static io.anywire.http.hostile.RawHttp2.WHOLE;
import static io.anywire.http.hostile.RawHttp2.WINDOW_UPDATE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.anywire.http.hostile.RawHttp2.Block;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Attacks over HTTP/2. */
final class Http2Attacks {
  private static final int MANY = 16;
  private static final int SOME = 6;
  private static final int TABLE_SIZE = 1;
  private static final int PUSH = 2;
  private static final int WINDOW = 4;
  private static final int FRAME_SIZE = 5;
  private static final int LARGEST_WINDOW = Integer.MAX_VALUE;
  private static final String PROTOCOL = "GOAWAY PROTOCOL_ERROR";
  private static final String SIZE = "GOAWAY FRAME_SIZE_ERROR";
  private static final String COMPRESSION = "GOAWAY COMPRESSION_ERROR";
  private static final String FLOW = "GOAWAY FLOW_CONTROL_ERROR";
  private static final String CALM = "GOAWAY ENHANCE_YOUR_CALM";
  private static final String MALFORMED = "RST_STREAM PROTOCOL_ERROR";
  private static final String STREAM_CLOSED = "RST_STREAM STREAM_CLOSED";
  private static final String STREAM_CALM = "RST_STREAM ENHANCE_YOUR_CALM";

  private final boolean secure;
  private final List<Attack> all = new ArrayList<>();

  private Http2Attacks(boolean secure) {
    this.secure = secure;
  }

  static List<Attack> all() {
    Http2Attacks attacks = new Http2Attacks(false);
    attacks.prefaces();
    attacks.frames();
    attacks.streams();
    attacks.windows();
    attacks.blocks();
    attacks.fields();
    attacks.pseudoHeaders();
    attacks.lengths();
    attacks.slowness();
    attacks.backlog();
    attacks.floods();
    return attacks.all;
  }

  /** Those that are worth a try within TLS, too. */
  static List<Attack> withinTls() {
    Http2Attacks attacks = new Http2Attacks(true);
    attacks.lengths();
    attacks.slowness();
    attacks.floods();
    return attacks.all;
  }

  private void prefaces() {
    raw("preface that is another", PROTOCOL, "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
    raw("HTTP/1.1 after the preface", PROTOCOL, PREFACE + "GET / HTTP/1.1\r\n\r\n");
    connection("first frame no SETTINGS", PROTOCOL, c -> c.raw(PREFACE).ping());
    connection(
        "first SETTINGS acknowledged",
        PROTOCOL,
        c -> c.raw(PREFACE).frame(SETTINGS, ACK, 0, new byte[0]));
    add(
        "silence after the preface",
        CALM,
        SOME,
        door -> {
          try (RawHttp2 client = new RawHttp2(door)) {
            return client.raw(PREFACE).outcome();
          }
        });
  }

  private void frames() {
    frames("frame larger than allowed", SIZE, c -> c.frame(1 << 20, DATA, 0, 1, new byte[9]));
    frames("SETTINGS on a stream", PROTOCOL, c -> c.frame(SETTINGS, 0, 1, new byte[0]));
    frames("SETTINGS cut short", SIZE, c -> c.frame(SETTINGS, 0, 0, new byte[5]));
    frames("SETTINGS acknowledged with content", SIZE, c -> c.frame(SETTINGS, ACK, 0, new byte[6]));
    frames("SETTINGS with too large a window", FLOW, c -> c.settings(WINDOW, -1));
    frames("SETTINGS with too small a frame", PROTOCOL, c -> c.settings(FRAME_SIZE, 1));
    frames("SETTINGS with a push of 2", PROTOCOL, c -> c.settings(PUSH, 2));
    frames("PING cut short", SIZE, c -> c.frame(PING, 0, 0, new byte[7]));
    frames("PING on a stream", PROTOCOL, c -> c.frame(PING, 0, 1, new byte[8]));
    frames(
        "RST_STREAM cut short", SIZE, c -> c.get(1, "/wait").frame(RST_STREAM, 0, 1, new byte[3]));
    frames("WINDOW_UPDATE cut short", SIZE, c -> c.frame(WINDOW_UPDATE, 0, 0, new byte[3]));
    frames("GOAWAY cut short", SIZE, c -> c.frame(GOAWAY, 0, 0, new byte[4]));
    frames("GOAWAY on a stream", PROTOCOL, c -> c.frame(GOAWAY, 0, 1, new byte[8]));
    frames(
        "PRIORITY cut short",
        "RST_STREAM FRAME_SIZE_ERROR",
        c -> c.get(1, "/wait").frame(PRIORITY, 0, 1, new byte[4]));
    frames(
        "PRIORITY on itself",
        MALFORMED,
        c -> c.get(1, "/wait").frame(PRIORITY, 0, 1, new byte[] {0, 0, 0, 1, 1}));
    frames("HEADERS cut short", SIZE, c -> c.frame(HEADERS, PADDED | WHOLE, 1, new byte[0]));
    frames(
        "padding longer than the frame",
        PROTOCOL,
        c -> c.post(1, "/wait").frame(DATA, PADDED, 1, new byte[] {9, 0}));
    frames(
        "PUSH_PROMISE of a client",
        PROTOCOL,
        c -> c.get(1, "/wait").frame(PUSH_PROMISE, END_HEADERS, 1, new byte[] {0, 0, 0, 2}));
  }

  private void streams() {
    frames("DATA on stream 0", PROTOCOL, c -> c.data(0, 0, 1));
    frames("DATA on an idle stream", PROTOCOL, c -> c.data(1, 0, 1));
    frames("RST_STREAM on an idle stream", PROTOCOL, c -> c.reset(1));
    frames("WINDOW_UPDATE on an idle stream", PROTOCOL, c -> c.windowUpdate(1, 1));
    frames("HEADERS on stream 0", PROTOCOL, c -> c.get(0, "/"));
    frames("stream with an even number", PROTOCOL, c -> c.get(2, "/"));
    frames("stream numbers that fall", STREAM_CLOSED, c -> c.get(5, "/wait").get(3, "/"));
    frames("DATA after the end", STREAM_CLOSED, c -> c.get(1, "/wait").data(1, 0, 1));
    frames("HEADERS after the end", MALFORMED, c -> c.get(1, "/wait").get(1, "/"));
    add(
        "DATA on a closed stream",
        STREAM_CLOSED,
        MANY,
        door -> {
          try (RawHttp2 client = RawHttp2.open(door)) {
            String first = client.get(1, "/").outcome();
            if (!first.equals("200")) {
              return first;
            }
            client.data(1, 0, 1).flush();
            return client.await(RST_STREAM);
          }
        });
    frames(
        "more streams than allowed",
        "RST_STREAM REFUSED_STREAM",
        c -> {
          for (int i = 0; i < 150; i++) {
            c.get(2 * i + 1, "/wait");
          }
        });
  }

  private void windows() {
    frames("WINDOW_UPDATE of nothing", PROTOCOL, c -> c.windowUpdate(0, 0));
    frames(
        "WINDOW_UPDATE of nothing on a stream",
        MALFORMED,
        c -> c.get(1, "/wait").windowUpdate(1, 0));
    frames("window of the connection that overflows", FLOW, c -> c.windowUpdate(0, LARGEST_WINDOW));
    frames(
        "window of a stream that overflows",
        "RST_STREAM FLOW_CONTROL_ERROR",
        c -> c.get(1, "/wait").windowUpdate(1, LARGEST_WINDOW));
    frames(
        "windows that overflow by SETTINGS",
        "RST_STREAM FLOW_CONTROL_ERROR",
        c -> c.get(1, "/wait").windowUpdate(1, LARGEST_WINDOW - 65_535).settings(WINDOW, 65_536));
    frames(
        "body beyond the window",
        "RST_STREAM FLOW_CONTROL_ERROR",
        c -> {
          c.post(1, "/hold");
          for (int i = 0; i < 40; i++) {
            c.data(1, 0, 16_000);
          }
        });
  }

  private void blocks() {
    frames(
        "CONTINUATION without HEADERS",
        PROTOCOL,
        c -> c.frame(CONTINUATION, END_HEADERS, 1, new byte[1]));
    frames(
        "CONTINUATION of another stream",
        PROTOCOL,
        c -> c.frame(HEADERS, 0, 1, new byte[1]).frame(CONTINUATION, END_HEADERS, 3, new byte[1]));
    frames(
        "frame between HEADERS and CONTINUATION",
        PROTOCOL,
        c -> c.frame(HEADERS, 0, 1, new byte[1]).ping());
    frames(
        "flood of CONTINUATION",
        CALM,
        c -> {
          c.frame(HEADERS, 0, 1, new byte[0]);
          for (int i = 0; i < 200; i++) {
            c.frame(CONTINUATION, 0, 1, new byte[1]);
          }
        });
    frames(
        "flood of large CONTINUATION",
        PROTOCOL,
        c -> {
          c.frame(HEADERS, 0, 1, Block.request("GET", "/").bytes());
          for (int i = 0; i < 20; i++) {
            c.frame(CONTINUATION, 0, 1, new Block().add("x", "y".repeat(1000)).bytes());
          }
        });
    frames(
        "header too large",
        "431",
        c -> c.headers(1, WHOLE, Block.request("GET", "/").add("x", "y".repeat(8500))));
    frames(
        "HPACK: header too large when expanded",
        "431",
        c -> {
          // An entry of 4,000 bytes in the table, then a byte for each time it is meant.
          Block bomb = Block.request("GET", "/").raw(0x40, 1, 'x', 127, 0xa1, 30);
          bomb.raw("y".repeat(4000).chars().toArray());
          for (int i = 0; i < 3000; i++) {
            bomb.raw(0x80 | 62);
          }
          c.headers(1, WHOLE, bomb);
        });
    block("index of nothing", new Block().raw(0x80));
    block("index beyond the table", new Block().raw(0xff, 0xff, 0x7f));
    block(
        "number that overflows",
        new Block().raw(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff));
    block("table larger than allowed", new Block().raw(0x3f, 0xff, 0xff, 0x7f));
    block("size of the table in the middle", Block.request("GET", "/").raw(0x20));
    block("text cut short", new Block().raw(0x00, 0x05, 'a'));
    block("Huffman code with a wrong end", new Block().raw(0x00, 0x81, 0x00, 0x01, 'a'));
    add(
        "HPACK: table of 1 MiB allowed to the server",
        "4 KiB of it are used",
        MANY,
        door -> {
          try (RawHttp2 client = RawHttp2.open(door, TABLE_SIZE, 1 << 20)) {
            byte[] block = client.get(1, "/").read(HEADERS).payload();
            // The last update of the size is to 4096 (RFC 7541, section 6.3).
            boolean bounded = new String(block, ISO_8859_1).contains("\u003f\u00e1\u001f");
            return bounded ? "4 KiB of it are used" : Arrays.toString(block);
          }
        });
  }

  private void block(String what, Block block) {
    frames("HPACK: " + what, COMPRESSION, c -> c.headers(1, WHOLE, block));
  }

  private void fields() {
    field("name in upper case", "X", "y");
    field("name with a blank", "x y", "z");
    field("name with a colon", "x:y", "z");
    field("name of nothing", "", "x");
    field("NUL in a value", "x", "a\0b");
    field("CR in a value", "x", "a\rb");
    field("LF in a value", "x", "a\nb: c");
    field("`connection`", "connection", "close");
    field("`keep-alive`", "keep-alive", "1");
    field("`proxy-connection`", "proxy-connection", "close");
    field("`transfer-encoding`", "transfer-encoding", "chunked");
    field("`upgrade`", "upgrade", "h2c");
    field("`te` other than trailers", "te", "gzip");
    field("`host` other than the authority", "host", "b");
    frames(
        "expectation nobody knows",
        "417",
        c -> c.headers(1, WHOLE, Block.request("GET", "/").add("expect", "magic")));
  }

  private void field(String what, String name, String value) {
    frames(
        "header: " + what,
        MALFORMED,
        c -> c.headers(1, WHOLE, Block.request("GET", "/").add(name, value)));
  }

  private void pseudoHeaders() {
    head(
        "no `:method`",
        new Block().add(":scheme", "http").add(":path", "/").add(":authority", "a"));
    head(
        "no `:scheme`", new Block().add(":method", "GET").add(":path", "/").add(":authority", "a"));
    head(
        "no `:path`",
        new Block().add(":method", "GET").add(":scheme", "http").add(":authority", "a"));
    head(
        "no `:authority` and no host",
        new Block().add(":method", "GET").add(":scheme", "http").add(":path", "/"));
    head("`:path` of nothing", Block.request("GET", ""));
    head("`:path` without a slash", Block.request("GET", "a"));
    head("`:path` with a blank", Block.request("GET", "/a b"));
    head("`:path` with a fragment", Block.request("GET", "/a#b"));
    head(
        "`:authority` with a user",
        new Block()
            .add(":method", "GET")
            .add(":scheme", "http")
            .add(":path", "/")
            .add(":authority", "u@a"));
    head("`:path` twice", Block.request("GET", "/").add(":path", "/b"));
    head("`:status` in a request", Block.request("GET", "/").add(":status", "200"));
    head("pseudo-header nobody knows", Block.request("GET", "/").add(":foo", "x"));
    head(
        "pseudo-header after others",
        new Block()
            .add(":method", "GET")
            .add(":scheme", "http")
            .add("x", "y")
            .add(":path", "/")
            .add(":authority", "a"));
    head(
        "`:protocol` that was not offered",
        Block.request("CONNECT", "/").add(":protocol", "websocket"));
    frames(
        "CONNECT",
        "501",
        c -> c.headers(1, WHOLE, new Block().add(":method", "CONNECT").add(":authority", "a:80")));
    frames("TRACE", "501", c -> c.headers(1, WHOLE, Block.request("TRACE", "/")));
    frames("method in lower case", "501", c -> c.headers(1, WHOLE, Block.request("get", "/")));
    frames(
        "pseudo-header in trailers",
        MALFORMED,
        c -> c.post(1, "/wait").headers(1, WHOLE, new Block().add(":path", "/")));
    frames(
        "trailers without an end",
        MALFORMED,
        c -> c.post(1, "/wait").headers(1, END_HEADERS, new Block().add("x", "y")));
  }

  private void head(String what, Block block) {
    frames("head: " + what, MALFORMED, c -> c.headers(1, WHOLE, block));
  }

  private void lengths() {
    length("body longer than its length", "2", c -> c.data(1, 0, 5));
    length("body shorter than its length", "9", c -> c.data(1, END_STREAM, 5));
    length("length that is no number", "x", c -> {});
    length("length with a plus", "+5", c -> {});
    length("lengths that differ", "5, 6", c -> {});
    frames(
        "length without a body",
        MALFORMED,
        c -> c.headers(1, WHOLE, Block.request("POST", "/").add("content-length", "5")));
  }

  private void length(String what, String length, Consumer<RawHttp2> body) {
    frames(
        what,
        MALFORMED,
        c -> {
          c.headers(1, END_HEADERS, Block.request("POST", "/wait").add("content-length", length));
          body.accept(c);
        });
  }

  private void slowness() {
    slow(
        "header block without an end",
        CALM,
        c -> c.frame(HEADERS, 0, 1, new byte[1]).frame(99, CONTINUATION, 0, 1, new byte[1]));
    slow("frame without an end", CALM, c -> c.frame(99, PING, 0, 0, new byte[1]));
    slow("silence within the body", STREAM_CALM, c -> c.post(1, "/").data(1, 0, 1));
    slow(
        "window of nothing for the response",
        STREAM_CALM,
        c -> c.settings(WINDOW, 0).get(1, "/large"));
    slow("response unread", STREAM_CALM, c -> c.get(1, "/endless"));
    drip("body byte by byte", c -> c.post(1, "/"), c -> c.data(1, 0, 1));
    drip(
        "response taken byte by byte",
        c -> c.get(1, "/endless"),
        c -> c.windowUpdate(1, 1).windowUpdate(0, 1));
    add(
        "nothing read from the socket",
        "closed",
        SOME,
        door -> {
          try (RawHttp2 client = RawHttp2.open(door, WINDOW, LARGEST_WINDOW)) {
            client.windowUpdate(0, LARGEST_WINDOW - 65_535).get(1, "/endless").flush();
            Slowly.repeat(() -> client.ping().flush());
            return "closed";
          }
        });
  }

  private void backlog() {
    frames(
        "requests while responses are unread",
        "RST_STREAM REFUSED_STREAM",
        c -> {
          c.settings(WINDOW, 0);
          for (int i = 0; i < 40; i++) {
            c.get(2 * i + 1, "/large");
          }
        },
        RST_STREAM,
        SOME);
  }

  /** The outcome is that of the stream, or of the connection: the status of a response is none. */
  private void slow(String what, String refusal, Consumer<RawHttp2> frames) {
    frames(what, refusal, frames, refusal.startsWith("GOAWAY") ? GOAWAY : RST_STREAM, SOME);
  }

  private void drip(String what, Consumer<RawHttp2> beginning, Consumer<RawHttp2> drop) {
    add(
        what,
        STREAM_CALM,
        SOME,
        door -> {
          try (RawHttp2 client = RawHttp2.open(door)) {
            beginning.accept(client);
            client.flush();
            Thread dripping =
                Thread.startVirtualThread(() ->
                    Slowly.repeat(() -> {
                      drop.accept(client);
                      return client.flush();
                    }));
            String outcome = client.await(RST_STREAM);
            client.close();
            dripping.join();
            return outcome;
          }
        });
  }

  private void floods() {
    flood("flood of resets (CVE-2023-44487)", (c, i) -> c.get(2 * i + 1, "/wait").reset(2 * i + 1));
    flood(
        "resets made by the server (CVE-2025-8671): windows",
        (c, i) -> c.get(2 * i + 1, "/wait").windowUpdate(2 * i + 1, 0));
    flood(
        "resets made by the server (CVE-2025-8671): overflows",
        (c, i) -> c.get(2 * i + 1, "/wait").windowUpdate(2 * i + 1, LARGEST_WINDOW));
    flood(
        "resets made by the server (CVE-2025-8671): priorities",
        (c, i) -> c.get(2 * i + 1, "/wait").frame(PRIORITY, 0, 2 * i + 1, RawHttp2.word(1)));
    flood(
        "resets made by the server (CVE-2025-8671): bodies",
        (c, i) -> c.get(2 * i + 1, "/wait").data(2 * i + 1, 0, 1));
    flood(
        "flood of malformed requests",
        (c, i) -> c.headers(2 * i + 1, WHOLE, new Block().add("x", "y")));
    flood("flood of PING", (c, i) -> c.ping());
    flood("flood of PING acknowledgements", (c, i) -> c.frame(PING, ACK, 0, new byte[8]));
    flood("flood of SETTINGS", (c, i) -> c.settings(WINDOW, i));
    flood("flood of PRIORITY", (c, i) -> c.frame(PRIORITY, 0, 2 * i + 1, new byte[5]));
    flood("flood of WINDOW_UPDATE", (c, i) -> c.windowUpdate(0, 1));
    flood(
        "flood of WINDOW_UPDATE on a closed stream",
        (c, i) -> (i == 0 ? c.get(1, "/wait").reset(1) : c).windowUpdate(1, 1));
    flood("flood of frames nobody knows", (c, i) -> c.frame(0xbe, 0, 0, new byte[1]));
    flood("flood of empty DATA", (c, i) -> (i == 0 ? c.post(1, "/wait") : c).data(1, 0, 0));
    flood(
        "flood of padding",
        (c, i) ->
            (i == 0 ? c.post(1, "/wait") : c).frame(DATA, PADDED, 1, new byte[] {3, 0, 0, 0}));
  }

  private interface Step {
    RawHttp2 send(RawHttp2 client, int index);
  }

  private void flood(String what, Step step) {
    frames(
        what,
        CALM,
        c -> {
          for (int i = 0; i < 1500; i++) {
            step.send(c, i);
          }
        },
        GOAWAY,
        SOME);
  }

  private void raw(String name, String refusal, String text) {
    connection(name, refusal, c -> c.raw(text));
  }

  private void connection(String name, String refusal, Consumer<RawHttp2> bytes) {
    add(
        name,
        refusal,
        MANY,
        door -> {
          try (RawHttp2 client = new RawHttp2(door)) {
            bytes.accept(client);
            return client.outcome();
          }
        });
  }

  private void frames(String name, String refusal, Consumer<RawHttp2> frames) {
    connection(name, refusal, c -> frames.accept(c.raw(PREFACE).settings()));
  }

  private void frames(
      String name, String refusal, Consumer<RawHttp2> frames, int until, int times) {
    add(
        name,
        refusal,
        times,
        door -> {
          try (RawHttp2 client = RawHttp2.open(door)) {
            frames.accept(client);
            client.flush();
            return client.await(until);
          }
        });
  }

  private void add(String name, String refusal, int times, Attack.Program program) {
    String wire = secure ? "HTTP/2 in TLS" : "HTTP/2";
    all.add(
        new Attack(wire, secure, name, refusal, Math.min(times, secure ? SOME : MANY), program));
  }
}
