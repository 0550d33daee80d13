package io.anywire.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.protobuf.Message;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.anywire.codec.Text;
import io.anywire.json.test.Choice;
import io.anywire.json.test.Everything;
import io.anywire.json.test.Legacy;
import io.anywire.json.test.Lists;
import io.anywire.json.test.Maps;
import io.anywire.json.test.Modern;
import io.anywire.json.test.Scalars;
import io.anywire.json.test.WellKnown;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is rejected: along with JsonFormat, and where JsonFormat looks away. */
class MalformedJsonTest {
  /** Rejected by both. */
  private static final List<Case> MALFORMED =
      List.of(
          of(
              Scalars.getDefaultInstance(),
              "",
              "null",
              "[]",
              "1",
              "{",
              "{\"int32Value\":}",
              "{\"int32Value\":1,}",
              "{\"a\":1}",
              "{\"int32Value\":.5}",
              "{\"int32Value\":NaN}",
              "{\"int32Value\":1,\"int32_value\":2}",
              "{\"int32Value\":2147483648}",
              "{\"int32Value\":1.5}",
              "{\"int32Value\":\" 1\"}",
              "{\"int32Value\":\"\"}",
              "{\"int32Value\":\"0x1\"}",
              "{\"int32Value\":true}",
              "{\"int32Value\":{}}",
              "{\"uint32Value\":-1}",
              "{\"uint32Value\":4294967296}",
              "{\"uint64Value\":18446744073709551616}",
              "{\"uint64Value\":-1}",
              "{\"uint64Value\":1e999999999}",
              "{\"int64Value\":9223372036854775808}",
              "{\"int64Value\":1e30}",
              "{\"doubleValue\":1e400}",
              "{\"doubleValue\":\"1e400\"}",
              "{\"doubleValue\":\"nan\"}",
              "{\"doubleValue\":\"Inf\"}",
              "{\"doubleValue\":\"1d\"}",
              "{\"doubleValue\":true}",
              "{\"doubleValue\":\"\"}",
              "{\"floatValue\":3.5e38}",
              "{\"boolValue\":1}",
              "{\"boolValue\":\"yes\"}",
              "{\"stringValue\":{}}",
              "{\"stringValue\":\"\\x\"}",
              "{\"stringValue\":\"\\u12\"}",
              "{\"stringValue\":\"abc}",
              "{\"bytesValue\":\"QQ=\"}",
              "{\"bytesValue\":\"Q\"}",
              "{\"bytesValue\":\"!!\"}",
              "{\"bytesValue\":\"+_\"}",
              "{\"bytesValue\":\"Q Q=\"}",
              "{\"bytesValue\":1}",
              "{\"colour\":\"NOPE\"}",
              "{\"colour\":1.5}",
              "{\"colour\":\"colour_red\"}",
              "{\"colour\":true}"),
          of(
              Lists.getDefaultInstance(),
              "{\"int32Value\":1}",
              "{\"int32Value\":{}}",
              "{\"int32Value\":[null]}",
              "{\"int32Value\":[1,]}",
              "{\"colour\":[null]}",
              "{\"colour\":[\"NOPE\"]}",
              "{\"scalars\":[null]}",
              "{\"stringValue\":[null]}"),
          of(
              Maps.getDefaultInstance(),
              "{\"int32Keys\":[]}",
              "{\"int32Keys\":{\"a\":1}}",
              "{\"int32Keys\":{\"1\":null}}",
              "{\"boolKeys\":{\"True\":true}}",
              "{\"fixed32Keys\":{\"1\":null}}",
              "{\"fixed32Keys\":{\"1\":\"NOPE\"}}",
              "{\"uint32Keys\":{\"-1\":1}}"),
          of(
              Choice.getDefaultInstance(),
              "{\"text\":\"a\",\"number\":1}",
              "{\"nullValue\":null,\"text\":\"a\"}"),
          of(
              WellKnown.getDefaultInstance(),
              "{\"timestamp\":\"2025-01-31T12:00:00\"}",
              "{\"timestamp\":\"2025-01-31 12:00:00Z\"}",
              "{\"timestamp\":\"2025-01-31t12:00:00z\"}",
              "{\"timestamp\":\"2025-01-31T12:00:00+0130\"}",
              "{\"timestamp\":\"0000-01-31T12:00:00Z\"}",
              "{\"timestamp\":\"10000-01-31T12:00:00Z\"}",
              "{\"timestamp\":\"0001-01-01T00:00:00+01:00\"}",
              "{\"timestamp\":1}",
              "{\"timestamp\":\"\"}",
              "{\"timestamp\":\"2025-01-31\"}",
              "{\"timestamp\":{}}",
              "{\"duration\":\"1\"}",
              "{\"duration\":\"s\"}",
              "{\"duration\":\".5s\"}",
              "{\"duration\":\"315576000001s\"}",
              "{\"duration\":\"--1s\"}",
              "{\"duration\":\"1.-5s\"}",
              "{\"duration\":\"1S\"}",
              "{\"duration\":1}",
              "{\"duration\":\"99999999999999999999s\"}",
              "{\"struct\":[]}",
              "{\"listValue\":{}}",
              "{\"any\":[]}",
              "{\"any\":{\"a\":1}}",
              "{\"any\":{\"@type\":\"x\"}}",
              "{\"any\":{\"@type\":\"a/b.C\"}}",
              "{\"any\":{\"@type\":1}}",
              "{\"empty\":{\"a\":1}}",
              "{\"boolWrapper\":\"x\"}",
              "{\"int32Wrapper\":{\"value\":1}}",
              "{\"stringWrappers\":[null]}",
              "{\"nullValue\":\"x\"}"),
          of(Legacy.getDefaultInstance(), "{\"id\":\"a\",\"colour\":9}", "{\"Detail\":{}}"),
          of(Modern.getDefaultInstance(), "{\"closed\":9}", "{\"closedList\":[\"NOPE\"]}"),
          of(Everything.getDefaultInstance(), "{\"child\":".repeat(101) + "{}" + "}".repeat(101)),
          of(
              Value.getDefaultInstance(),
              "[".repeat(150) + "]".repeat(150),
              "[".repeat(5000) + "]".repeat(5000)));

  /** Taken by JsonFormat, rejected here, and why. */
  private static final List<Case> STRICTER =
      List.of(
          because(
              "text after the value is a truncated or doubled request",
              Scalars.getDefaultInstance(),
              "{}x",
              "{} {}",
              "{}}"),
          because(
              "RFC 8259 has no such syntax",
              Scalars.getDefaultInstance(),
              "{'int32Value':1}",
              "{int32Value:1}",
              "{\"int32Value\":01}",
              "{\"int32Value\":+1}",
              "{\"int32Value\":1.}",
              "/*c*/{}",
              "{\"floatValue\":-Infinity}",
              "{\"boolValue\":True}",
              "{\"stringValue\":\"a\nb\"}"),
          because(
              "one of two values would be lost",
              Scalars.getDefaultInstance(),
              "{\"int32Value\":1,\"int32Value\":2}",
              "{\"int32Value\":null,\"int32_value\":2}"),
          because(
              "one of two values would be lost",
              Maps.getDefaultInstance(),
              "{\"int32Keys\":{\"1\":1,\"1\":2}}",
              "{\"int32Keys\":{\"1\":1,\"1.0\":2}}"),
          because(
              "a quoted number follows the grammar of JSON",
              Scalars.getDefaultInstance(),
              "{\"int32Value\":\"+1\"}",
              "{\"int32Value\":\"01\"}",
              "{\"int32Value\":\"\u0661\"}",
              "{\"floatValue\":\"1f\"}",
              "{\"floatValue\":\"0x1p3\"}"),
          because(
              "a list of one is no scalar",
              Scalars.getDefaultInstance(),
              "{\"int32Value\":[1]}",
              "{\"stringValue\":[\"a\"]}"),
          because(
              "a finite number would become infinite",
              Scalars.getDefaultInstance(),
              "{\"doubleValue\":1.7976931348623159e308}",
              "{\"floatValue\":3.40282357e38}"),
          because(
              "the standard knows one form of these types",
              Scalars.getDefaultInstance(),
              "{\"boolValue\":\"true\"}",
              "{\"stringValue\":1}",
              "{\"stringValue\":true}",
              "{\"colour\":\"1\"}"),
          because(
              "half a surrogate pair would become '?'",
              Scalars.getDefaultInstance(),
              "{\"stringValue\":\"\\ud800\"}",
              "{\"stringValue\":\"\\udc00\\ud800\"}"),
          because(
              "RFC 3339 has no such form",
              WellKnown.getDefaultInstance(),
              "{\"timestamp\":\"2025-01-31T12:00:00.Z\"}",
              "{\"timestamp\":\"2025-01-31T12:00:00+1:30\"}"),
          because(
              "more than nine decimals would be cut",
              WellKnown.getDefaultInstance(),
              "{\"timestamp\":\"2025-01-31T12:00:00.1234567890Z\"}",
              "{\"duration\":\"1.0000000001s\"}"),
          because(
              "the standard has no such duration",
              WellKnown.getDefaultInstance(),
              "{\"duration\":\"1.s\"}",
              "{\"duration\":\"+1s\"}"),
          because(
              "paths are lowerCamelCase in a string",
              WellKnown.getDefaultInstance(),
              "{\"fieldMask\":\"foo_bar\"}",
              "{\"fieldMask\":1}",
              "{\"fieldMask\":[\"a\"]}"),
          because(
              "a Value holds finite numbers", WellKnown.getDefaultInstance(), "{\"value\":1e400}"));

  @TestFactory
  Stream<DynamicTest> rejects_what_json_format_rejects() {
    return each(
        MALFORMED,
        (type, json) -> {
          assertThatThrownBy(() -> theirs(type, json)).isInstanceOf(Exception.class);
          assertRejected(type, json);
        });
  }

  @TestFactory
  Stream<DynamicTest> rejects_what_json_format_lets_pass() {
    return each(
        STRICTER,
        (type, json) -> {
          theirs(type, json);
          assertRejected(type, json);
        });
  }

  private static void assertRejected(Message type, String json) {
    assertThatThrownBy(() -> JsonCodec.standard().read(json.getBytes(StandardCharsets.UTF_8), type))
        .isInstanceOfSatisfying(
            JsonException.class,
            e -> {
              assertThat(e.line()).isPositive();
              assertThat(e.column()).isPositive();
              assertThat(e.description()).isNotBlank();
            });
  }

  private static void theirs(Message type, String json) throws Exception {
    JsonFormat.parser().merge(json, type.newBuilderForType());
  }

  private static Stream<DynamicTest> each(List<Case> cases, Check check) {
    return cases.stream()
        .flatMap(c ->
            c.texts().stream()
                .map(json ->
                    dynamicTest(
                        c.why() + ": " + Text.shortened(json), () -> check.run(c.type(), json))));
  }

  private static Case of(Message type, String... texts) {
    return because("malformed", type, texts);
  }

  private static Case because(String why, Message type, String... texts) {
    return new Case(why, type, List.of(texts));
  }

  private record Case(String why, Message type, List<String> texts) {}

  private interface Check {
    void run(Message type, String json) throws Exception;
  }
}
