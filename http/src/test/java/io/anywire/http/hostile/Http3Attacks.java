package io.anywire.http.hostile;

import static io.anywire.http.hostile.Fields.CANCEL_PUSH;
import static io.anywire.http.hostile.Fields.CONTROL_STREAM;
import static io.anywire.http.hostile.Fields.DATA;
import static io.anywire.http.hostile.Fields.DECODER_STREAM;
import static io.anywire.http.hostile.Fields.ENCODER_STREAM;
import static io.anywire.http.hostile.Fields.GOAWAY;
import static io.anywire.http.hostile.Fields.HEADERS;
import static io.anywire.http.hostile.Fields.MAX_PUSH_ID;
import static io.anywire.http.hostile.Fields.PUSH_PROMISE;
import static io.anywire.http.hostile.Fields.PUSH_STREAM;
import static io.anywire.http.hostile.Fields.SETTINGS;
import static io.anywire.http.hostile.Fields.data;
import static io.anywire.http.hostile.Fields.frame;
import static io.anywire.http.hostile.Fields.integer;
import static io.anywire.http.hostile.Fields.join;
import static io.anywire.http.hostile.Fields.request;
import static io.anywire.http.hostile.Fields.section;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Attacks over HTTP/3: on connections of QUIC whose handshake was honest. */
final class Http3Attacks {
  private static final int MANY = 8;
  private static final int SOME = 6;
  private static final int AT_ONCE = 20;
  private static final int MAX_FIELD_SECTION = 6;

  /** A type of frame that means nothing (RFC 9114, section 7.2.8). */
  private static final int NOTHING = 0x40;

  private static final String MALFORMED = "reset, H3_MESSAGE_ERROR";
  private static final String UNEXPECTED = "closed, H3_FRAME_UNEXPECTED";
  private static final String CUT_SHORT = "closed, H3_FRAME_ERROR";
  private static final String COMPRESSION = "closed, QPACK_DECOMPRESSION_FAILED";
  private static final String ENCODER = "closed, QPACK_ENCODER_STREAM_ERROR";
  private static final String DECODER = "closed, QPACK_DECODER_STREAM_ERROR";
  private static final String CRITICAL = "closed, H3_CLOSED_CRITICAL_STREAM";
  private static final String CREATION = "closed, H3_STREAM_CREATION_ERROR";
  private static final String LOAD = "closed, H3_EXCESSIVE_LOAD";
  private static final String STREAM_LOAD = "reset, H3_EXCESSIVE_LOAD";

  private static final byte[] GET = request("GET", "/").frame();
  private static final byte[] POST = request("POST", "/").frame();
  private static final byte[] WAITING = request("POST", "/wait").frame();

  private final List<Attack> all = new ArrayList<>();

  static List<Attack> all() {
    Http3Attacks attacks = new Http3Attacks();
    attacks.frames();
    attacks.control();
    attacks.compression();
    attacks.fields();
    attacks.pseudoHeaders();
    attacks.lengths();
    attacks.slowness();
    attacks.floods();
    return attacks.all;
  }

  private void frames() {
    stream("DATA before HEADERS", UNEXPECTED, data(5), GET);
    stream("HEADERS after trailers", UNEXPECTED, WAITING, trailers(), trailers());
    stream("DATA after trailers", UNEXPECTED, WAITING, trailers(), data(5));
    stream("SETTINGS on a request's stream", UNEXPECTED, frame(SETTINGS), GET);
    stream("GOAWAY on a request's stream", UNEXPECTED, frame(GOAWAY, (byte) 0), GET);
    stream("MAX_PUSH_ID on a request's stream", UNEXPECTED, frame(MAX_PUSH_ID, (byte) 0), GET);
    stream("CANCEL_PUSH on a request's stream", UNEXPECTED, frame(CANCEL_PUSH, (byte) 0), GET);
    stream(
        "PUSH_PROMISE of a client",
        UNEXPECTED,
        WAITING,
        frame(PUSH_PROMISE, join(new byte[1], request("GET", "/").bytes())));
    for (int type : new int[] {2, 6, 8, 9}) {
      stream("frame of HTTP/2: type " + type, UNEXPECTED, frame(type, new byte[4]), GET);
    }
    stream("frame nobody knows, and a request", "200", frame(NOTHING, new byte[9]), GET);
    stream("frame nobody knows, of 100 KB", LOAD, frame(NOTHING, new byte[100_000]), GET);
    stream("frame cut short: its type", CUT_SHORT, POST, new byte[] {(byte) 0xc0, 0});
    stream("frame cut short: its length", CUT_SHORT, POST, new byte[] {0, 0x40});
    stream("frame cut short: DATA", CUT_SHORT, POST, frame(DATA, 9, new byte[5]));
    stream("frame cut short: HEADERS", CUT_SHORT, frame(HEADERS, 99, new byte[5]));
    stream("frame of 4 EiB announced", LOAD, frame(HEADERS, (1L << 62) - 1, new byte[5]));
    stream("request of nothing", "reset, H3_REQUEST_INCOMPLETE", new byte[0]);
    stream("request without HEADERS", "reset, H3_REQUEST_INCOMPLETE", frame(NOTHING));
  }

  private static byte[] trailers() {
    return section().add("x", "y").frame();
  }

  private void control() {
    byte[] settings = frame(SETTINGS);
    opening("first frame no SETTINGS", "closed, H3_MISSING_SETTINGS", frame(GOAWAY, (byte) 0));
    opening("second SETTINGS", UNEXPECTED, settings, settings);
    for (int id : new int[] {2, 3, 4, 5}) {
      opening(
          "setting of HTTP/2: " + id,
          "closed, H3_SETTINGS_ERROR",
          frame(SETTINGS, (byte) id, (byte) 1));
    }
    opening(
        "setting given twice",
        "closed, H3_SETTINGS_ERROR",
        frame(SETTINGS, (byte) MAX_FIELD_SECTION, (byte) 9, (byte) MAX_FIELD_SECTION, (byte) 9));
    opening("setting without a value", CUT_SHORT, frame(SETTINGS, (byte) MAX_FIELD_SECTION));
    opening("SETTINGS of 100 KB", LOAD, frame(SETTINGS, new byte[100_000]));
    opening("DATA on the control stream", UNEXPECTED, settings, data(5));
    opening("HEADERS on the control stream", UNEXPECTED, settings, GET);
    opening("PUSH_PROMISE on the control stream", UNEXPECTED, settings, frame(PUSH_PROMISE));
    opening("frame of HTTP/2 on the control stream", UNEXPECTED, settings, frame(6, new byte[8]));
    opening(
        "MAX_PUSH_ID that falls",
        "closed, H3_ID_ERROR",
        settings,
        frame(MAX_PUSH_ID, (byte) 9),
        frame(MAX_PUSH_ID, (byte) 8));
    opening(
        "CANCEL_PUSH of nothing", "closed, H3_ID_ERROR", settings, frame(CANCEL_PUSH, (byte) 9));
    opening(
        "GOAWAY that rises",
        "closed, H3_ID_ERROR",
        settings,
        frame(GOAWAY, (byte) 4),
        frame(GOAWAY, (byte) 8));
    opening("GOAWAY of nothing", CUT_SHORT, settings, frame(GOAWAY));
    opening("GOAWAY too long", CUT_SHORT, settings, frame(GOAWAY, new byte[9]));
    add(
        "control stream that ends",
        CRITICAL,
        MANY,
        door -> {
          try (RawHttp3 client = RawHttp3.connect(door, "h3")) {
            client.oneWay(join(integer(CONTROL_STREAM), settings)).end();
            return client.end();
          }
        });
    add(
        "control stream that is reset",
        CRITICAL,
        MANY,
        door -> {
          try (RawHttp3 client = RawHttp3.connect(door, "h3")) {
            RawHttp3.Stream control = client.oneWay(join(integer(CONTROL_STREAM), settings));
            client.request(GET).outcome();
            control.reset();
            return client.end();
          }
        });
    oneWay("second control stream", CREATION, integer(CONTROL_STREAM), settings);
    oneWay("stream of pushes by a client", CREATION, integer(PUSH_STREAM), new byte[1]);
    twice("second stream of QPACK's encoder", ENCODER_STREAM);
    twice("second stream of QPACK's decoder", DECODER_STREAM);
  }

  private void twice(String name, int type) {
    add(
        name,
        CREATION,
        MANY,
        door -> {
          try (RawHttp3 client = RawHttp3.open(door)) {
            client.oneWay(integer(type));
            client.oneWay(integer(type));
            return client.end();
          }
        });
  }

  private void compression() {
    block("section of nothing", new Fields());
    block("section without a base", new Fields().raw(0));
    block("table that is empty: required inserts", new Fields().raw(1, 0, 0x80));
    block("table that is empty: index", section().raw(0x80));
    block("table that is empty: index behind the base", section().raw(0x10));
    block("table that is empty: name", section().raw(0x40, 1, 'a'));
    block("table that is empty: name behind the base", section().raw(0x00, 1, 'a'));
    block("static index of nothing", section().raw(0xff, 36));
    block("static name of nothing", section().raw(0x5f, 84, 1, 'a'));
    block("base below nothing", new Fields().raw(0, 0x85, 0x80));
    block("number that overflows", section().raw(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f));
    block(
        "number without an end",
        section().raw(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff));
    block("text cut short", section().raw(0x21, 'a', 0x05, 'b'));
    block("text of 2 GiB announced", section().raw(0x21, 'a', 0x7f, 0x80, 0xff, 0xff, 0xff, 7));
    block("Huffman code with a wrong end", section().raw(0x21, 'a', 0x81, 0x00));
    oneWay("QPACK: table of 4 KiB wanted", ENCODER, integer(ENCODER_STREAM), hex(0x3f, 0xe1, 0x1f));
    oneWay("QPACK: insertion", ENCODER, integer(ENCODER_STREAM), hex(0x41, 'a', 1, 'b'));
    oneWay(
        "QPACK: insertion with a static name", ENCODER, integer(ENCODER_STREAM), hex(0xc1, 1, 'b'));
    oneWay("QPACK: duplicate of nothing", ENCODER, integer(ENCODER_STREAM), hex(0x05));
    oneWay(
        "QPACK: insertion of 2 GiB announced",
        ENCODER,
        integer(ENCODER_STREAM),
        hex(0x5f, 0x80, 0xff, 0xff, 0xff, 7, 'a'));
    oneWay("QPACK: section acknowledged of nothing", DECODER, integer(DECODER_STREAM), hex(0x84));
    oneWay("QPACK: increment of nothing", DECODER, integer(DECODER_STREAM), hex(0x00));
    oneWay("QPACK: increment beyond the table", DECODER, integer(DECODER_STREAM), hex(0x05));
    add(
        "QPACK: encoder's stream that ends",
        CRITICAL,
        MANY,
        door -> {
          try (RawHttp3 client = RawHttp3.open(door)) {
            client.oneWay(integer(ENCODER_STREAM)).end();
            return client.end();
          }
        });
  }

  private static byte[] hex(int... values) {
    return new Fields().raw(values).bytes();
  }

  private void block(String what, Fields section) {
    stream("QPACK: " + what, COMPRESSION, section.frame());
  }

  private void fields() {
    field("name in upper case", "X", "y");
    field("name with a blank", "x y", "z");
    field("name with a colon", "x:y", "z");
    field("name with a line's end", "x\r\ny", "z");
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
    stream("expectation nobody knows", "417", request("GET", "/").add("expect", "magic").frame());
    stream("header too large", "431", request("GET", "/").add("x", "y".repeat(8500)).frame());
    stream("header much too large", LOAD, request("GET", "/").add("x", "y".repeat(20_000)).frame());
    stream("header too large when unpacked", LOAD, bomb().frame());
  }

  /** A byte for each time that a field of the static table is meant. */
  private static Fields bomb() {
    Fields bomb = request("GET", "/");
    for (int i = 0; i < 1000; i++) {
      bomb.raw(0xc0 | 52);
    }
    return bomb;
  }

  private void field(String what, String name, String value) {
    stream("header: " + what, MALFORMED, request("GET", "/").add(name, value).frame());
  }

  private void pseudoHeaders() {
    head(
        "no `:method`", section().add(":scheme", "https").add(":path", "/").add(":authority", "a"));
    head("no `:scheme`", section().add(":method", "GET").add(":path", "/").add(":authority", "a"));
    head(
        "no `:path`",
        section().add(":method", "GET").add(":scheme", "https").add(":authority", "a"));
    head(
        "no `:authority` and no host",
        section().add(":method", "GET").add(":scheme", "https").add(":path", "/"));
    head("nothing", section());
    stream("malformed request and another one", MALFORMED, section().frame(), GET);
    head("`:path` of nothing", request("GET", ""));
    head("`:path` without a slash", request("GET", "a"));
    head("`:path` with a blank", request("GET", "/a b"));
    head("`:path` with a fragment", request("GET", "/a#b"));
    head(
        "`:path` with another request",
        request("GET", "/ HTTP/1.1\r\nHost: a\r\n\r\nGET /smuggled"));
    head(
        "`:authority` with a user",
        section()
            .add(":method", "GET")
            .add(":scheme", "https")
            .add(":path", "/")
            .add(":authority", "u@a"));
    head("`:method` twice", request("GET", "/").add(":method", "POST"));
    head("`:path` twice", request("GET", "/").add(":path", "/b"));
    head("`:status` in a request", request("GET", "/").add(":status", "200"));
    head(
        "`:status` before a request",
        section()
            .add(":status", "200")
            .add(":method", "GET")
            .add(":scheme", "https")
            .add(":path", "/")
            .add(":authority", "a"));
    head("a response", section().add(":status", "200"));
    head("pseudo-header nobody knows", request("GET", "/").add(":foo", "x"));
    head(
        "pseudo-header after others",
        section()
            .add(":method", "GET")
            .add(":scheme", "https")
            .add("x", "y")
            .add(":path", "/")
            .add(":authority", "a"));
    head("`:protocol` that was not offered", request("CONNECT", "/").add(":protocol", "websocket"));
    stream("CONNECT", "501", section().add(":method", "CONNECT").add(":authority", "a:80").frame());
    stream("TRACE", "501", request("TRACE", "/").frame());
    stream("method in lower case", "501", request("get", "/").frame());
    stream("pseudo-header in trailers", MALFORMED, WAITING, section().add(":path", "/").frame());
    stream("name in upper case in trailers", MALFORMED, WAITING, section().add("X", "y").frame());
    stream(
        "name with a line's end in trailers",
        MALFORMED,
        WAITING,
        section().add("x\r\ny", "z").frame());
  }

  private void head(String what, Fields head) {
    stream("head: " + what, MALFORMED, head.frame());
  }

  private void lengths() {
    length("body longer than its length", "2", data(5));
    length("body shorter than its length", "9", data(5));
    length("length without a body", "5", new byte[0]);
    length("length that is no number", "x", data(5));
    length("length with a plus", "+5", data(5));
    length("length below nothing", "-5", data(5));
    length("lengths that differ", "5, 6", data(5));
    stream(
        "two lengths that differ",
        MALFORMED,
        request("POST", "/wait").add("content-length", "5").add("content-length", "6").frame(),
        data(5));
    stream(
        "length and chunks at once",
        MALFORMED,
        request("POST", "/wait")
            .add("content-length", "5")
            .add("transfer-encoding", "chunked")
            .frame(),
        data(5));
  }

  private void length(String what, String length, byte[] body) {
    stream(what, MALFORMED, request("POST", "/wait").add("content-length", length).frame(), body);
  }

  private void slowness() {
    slow("silence after one byte", new byte[] {1}, new byte[0]);
    slow("silence within the header", frame(HEADERS, 99, new byte[5]), new byte[0]);
    slow("header byte by byte", frame(HEADERS, 9999, new byte[5]), new byte[1]);
    slow("frames nobody knows one by one", frame(NOTHING), frame(NOTHING));
    slow("silence within the body", join(POST, data(1)), new byte[0]);
    slow("silence within a frame", join(POST, frame(DATA, 99, new byte[5])), new byte[0]);
    slow("body byte by byte", POST, data(1));
    unread("large response unread", "/large");
    unread("endless response unread", "/endless");
    add(
        "requests while responses are unread",
        "reset, H3_REQUEST_REJECTED",
        SOME,
        door -> {
          try (RawHttp3 client = RawHttp3.open(door)) {
            List<RawHttp3.Stream> streams = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
              RawHttp3.Stream stream = client.begin().reading(false);
              streams.add(stream.sendLast(request("GET", "/large").frame()));
            }
            String last = "none";
            for (RawHttp3.Stream stream : streams) {
              last = stream.reading(true).outcome();
              if (last.startsWith("reset, H3_REQUEST_REJECTED")) {
                return last;
              }
            }
            return last;
          }
        });
    add(
        "handshake with another protocol",
        "closed, no_application_protocol",
        SOME,
        door -> {
          try (RawHttp3 client = RawHttp3.connect(door, "other")) {
            return "200";
          } catch (IOException e) {
            return String.valueOf(e.getMessage()).contains("0x178")
                ? "closed, no_application_protocol"
                : String.valueOf(e.getMessage());
          }
        });
  }

  private void slow(String what, byte[] beginning, byte[] drop) {
    add(
        what,
        STREAM_LOAD,
        SOME,
        door -> {
          try (RawHttp3 client = RawHttp3.open(door)) {
            RawHttp3.Stream stream = client.begin(beginning);
            Slowly.repeat(() -> drop.length > 0 && stream.takes(drop));
            return stream.outcome();
          }
        });
  }

  private void unread(String what, String path) {
    add(
        what,
        STREAM_LOAD,
        SOME,
        door -> {
          try (RawHttp3 client = RawHttp3.open(door)) {
            RawHttp3.Stream stream = client.begin().reading(false);
            stream.send(request("GET", path).frame()).end();
            Slowly.nothing();
            return stream.reading(true).brokenOff();
          }
        });
  }

  private void floods() {
    resets();
    oneByOne("flood of malformed requests", section().add("x", "y").frame());
    oneByOne("flood of requests of nothing", frame(NOTHING));
    masses("flood of frames nobody knows", frame(NOTHING));
    masses("flood of empty DATA", data(0));
    opening("flood of MAX_PUSH_ID", LOAD, frame(SETTINGS), many(frame(MAX_PUSH_ID, (byte) 1)));
    opening("flood of GOAWAY", LOAD, frame(SETTINGS), many(frame(GOAWAY, (byte) 0)));
    opening("flood of frames to the control stream", LOAD, frame(SETTINGS), many(frame(NOTHING)));
    oneWay(
        "flood to a stream of a type nobody knows", LOAD, integer(NOTHING + 1), new byte[200_000]);
    oneWay(
        "QPACK: flood of empty tables",
        LOAD,
        integer(ENCODER_STREAM),
        many(new Fields().raw(0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20).bytes()));
    oneWay(
        "QPACK: flood of cancellations",
        LOAD,
        integer(DECODER_STREAM),
        many(new Fields().raw(0x44, 0x44, 0x44, 0x44, 0x44, 0x44, 0x44, 0x44).bytes()));
  }

  private static byte[] many(byte[] one) {
    byte[][] all = new byte[60_000][];
    Arrays.fill(all, one);
    return join(all);
  }

  private void resets() {
    add(
        "flood of resets",
        LOAD,
        SOME,
        door -> {
          try (RawHttp3 client = RawHttp3.open(door)) {
            String honest = "200";
            for (int i = 0; i < 1000 && honest.equals("200"); i += AT_ONCE) {
              for (int j = 0; j < AT_ONCE; j++) {
                client.tryToBegin(WAITING, RawHttp3.Stream::reset);
              }
              honest = client.request(GET).outcome();
            }
            return honest;
          }
        });
  }

  private void oneByOne(String what, byte[] request) {
    add(
        what,
        LOAD,
        SOME,
        door -> {
          try (RawHttp3 client = RawHttp3.open(door)) {
            String outcome = "none";
            for (int i = 0; i < 1000 && !outcome.startsWith("closed"); i++) {
              outcome = client.request(request).outcome();
            }
            return outcome;
          }
        });
  }

  private void masses(String what, byte[] frame) {
    add(
        what,
        LOAD,
        SOME,
        door -> {
          try (RawHttp3 client = RawHttp3.open(door)) {
            client.begin(WAITING).send(many(frame));
            return client.end();
          }
        });
  }

  /** A stream of a request with such bytes, and nothing behind them. */
  private void stream(String name, String refusal, byte[]... bytes) {
    add(
        name,
        refusal,
        MANY,
        door -> {
          try (RawHttp3 client = RawHttp3.open(door)) {
            return client.request(bytes).outcome();
          }
        });
  }

  /** A control stream that says this. */
  private void opening(String name, String refusal, byte[]... frames) {
    add(
        name,
        refusal,
        MANY,
        door -> {
          try (RawHttp3 client = RawHttp3.connect(door, "h3")) {
            client.oneWay(join(integer(CONTROL_STREAM), join(frames)));
            return client.end();
          }
        });
  }

  /** One more stream in the client's direction only. */
  private void oneWay(String name, String refusal, byte[]... bytes) {
    add(
        name,
        refusal,
        MANY,
        door -> {
          try (RawHttp3 client = RawHttp3.open(door)) {
            client.oneWay(join(bytes));
            return client.end();
          }
        });
  }

  private void add(String name, String refusal, int times, Attack.Program program) {
    all.add(new Attack("HTTP/3", true, name, refusal, times, program));
  }
}
