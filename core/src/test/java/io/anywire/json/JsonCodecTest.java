package io.anywire.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import com.google.rpc.ErrorInfo;
import io.anywire.json.test.Choice;
import io.anywire.json.test.Colour;
import io.anywire.json.test.Everything;
import io.anywire.json.test.Legacy;
import io.anywire.json.test.LegacyProto;
import io.anywire.json.test.Lists;
import io.anywire.json.test.Maps;
import io.anywire.json.test.Names;
import io.anywire.json.test.Scalars;
import io.anywire.json.test.WellKnown;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class JsonCodecTest {
  private static final JsonCodec CODEC = JsonCodec.standard();
  private static final JsonCodec TOLERANT = JsonCodec.builder().ignoreUnknownFields(true).build();

  @Test
  void a_rejection_names_path_line_and_column() {
    JsonException e =
        rejected(
            Everything.getDefaultInstance(),
            "{\"children\":[{},\n {\"scalars\":{\"int32Value\":\"x\"}}]}");
    assertThat(e.path()).isEqualTo("children[1].scalars.int32Value");
    assertThat(e.description()).isEqualTo("\"x\" (expected: int32)");
    assertThat(e.line()).isEqualTo(2);
    assertThat(e.column()).isEqualTo(27);
    assertThat(e)
        .hasMessage("children[1].scalars.int32Value: \"x\" (expected: int32) at line 2, column 27");
  }

  @Test
  void a_rejection_quotes_map_keys_that_are_no_names() {
    assertThat(rejected(Maps.getDefaultInstance(), "{\"stringKeys\":{\"a.b\":-1}}").path())
        .isEqualTo("stringKeys[\"a.b\"]");
    assertThat(rejected(Maps.getDefaultInstance(), "{\"stringKeys\":[]}").path())
        .isEqualTo("stringKeys");
  }

  @Test
  void accepts_both_names_of_a_field() {
    Names names = read("{\"snake_case_name\":1,\"@renamed here\":2}", Names.getDefaultInstance());
    assertThat(names).isEqualTo(Names.newBuilder().setSnakeCaseName(1).setRenamed(2).build());
    assertThat(read("{\"snakeCaseName\":1,\"renamed\":2}", Names.getDefaultInstance()))
        .isEqualTo(names);
  }

  @Test
  void accepts_integers_in_every_form_of_a_whole_number() {
    for (String one : new String[] {"100", "\"100\"", "1e2", "\"1e2\"", "100.0", "\"1.00E+2\""}) {
      assertThat(
              read(
                  "{\"int32Value\":" + one + ",\"uint64Value\":" + one + "}",
                  Scalars.getDefaultInstance()))
          .isEqualTo(Scalars.newBuilder().setInt32Value(100).setUint64Value(100).build());
    }
  }

  @Test
  void accepts_base64_of_either_alphabet_with_or_without_padding() {
    ByteString bytes = ByteString.copyFrom(new byte[] {(byte) 0xFB, (byte) 0xFF});
    for (String text : new String[] {"+/8=", "+/8", "-_8=", "-_8"}) {
      assertThat(
              read("{\"bytesValue\":\"" + text + "\"}", Scalars.getDefaultInstance())
                  .getBytesValue())
          .isEqualTo(bytes);
    }
  }

  @Test
  void keeps_the_sign_of_zero() {
    Scalars zero = Scalars.newBuilder().setDoubleValue(-0.0).setFloatValue(-0.0f).build();
    assertThat(read(CODEC.writeString(zero), Scalars.getDefaultInstance())).isEqualTo(zero);
  }

  @Test
  void rejects_moments_that_no_calendar_has() {
    for (String text :
        new String[] {"2025-02-30T12:00:00Z", "2025-01-31T24:00:00Z", "2025-01-31T23:59:60Z"}) {
      assertThat(rejected(Timestamp.getDefaultInstance(), '"' + text + '"').description())
          .startsWith('"' + text + "\" (expected: a timestamp");
    }
  }

  @Test
  void null_leaves_a_field_unset_except_where_null_is_a_value() {
    assertThat(read("{\"text\":null,\"number\":1}", Choice.getDefaultInstance()))
        .isEqualTo(Choice.newBuilder().setNumber(1).build());
    assertThat(read("{\"value\":null}", Choice.getDefaultInstance()).getValue().hasNullValue())
        .isTrue();
    assertThat(read("{\"nullValue\":null}", Choice.getDefaultInstance()).hasNullValue()).isTrue();
    assertThat(read("null", Value.getDefaultInstance()).hasNullValue()).isTrue();
  }

  @Test
  void the_tolerant_codec_skips_what_it_does_not_know() {
    byte[] json =
        ("{\"later\":{\"a\":[1,{}]},\"lists\":{\"colour\":[\"COLOUR_RED\",\"LATER\"]},"
                + "\"choice\":{\"colour\":\"LATER\"},\"maps\":{\"fixed32Keys\":{\"1\":\"LATER\"}}}")
            .getBytes(UTF_8);
    assertThat(TOLERANT.read(json, Everything.getDefaultInstance()))
        .isEqualTo(
            Everything.newBuilder()
                .setLists(Lists.newBuilder().addColour(Colour.COLOUR_RED))
                .setChoice(Choice.getDefaultInstance())
                .setMaps(Maps.getDefaultInstance())
                .build());
    assertThatThrownBy(() -> CODEC.read(json, Everything.getDefaultInstance()))
        .hasMessageContaining("unknown field \"later\"");
  }

  @Test
  void the_type_of_an_any_need_not_come_first() {
    Any duration = Any.pack(Duration.newBuilder().setSeconds(1).build());
    String before = "{ \"value\" : \"1s\", \"@type\":\"" + duration.getTypeUrl() + "\"}";
    assertThat(read(before, Any.getDefaultInstance())).isEqualTo(duration);
    assertThat(read("\uFEFF{\"any\":" + before + "}", WellKnown.getDefaultInstance()).getAny())
        .isEqualTo(duration);
    Any info = Any.pack(ErrorInfo.newBuilder().setReason("R").putMetadata("k", "v").build());
    String mixed =
        "{\"reason\":\"R\",\"@type\":\"" + info.getTypeUrl() + "\",\"metadata\":{\"k\":\"v\"}}";
    assertThat(read(mixed, Any.getDefaultInstance())).isEqualTo(info);
  }

  @Test
  void reads_and_writes_one_field_alone() {
    Everything message =
        Everything.newBuilder()
            .addChoices(Choice.newBuilder().setNumber(1))
            .addChoices(Choice.newBuilder().setText("a"))
            .setMaps(Maps.newBuilder().putBoolKeys(true, false))
            .build();
    assertField(message, "choices", "[{\"number\":1},{\"text\":\"a\"}]");
    assertField(message, "maps", "{\"boolKeys\":{\"true\":false}}");
    assertField(message.getMaps(), "bool_keys", "{\"true\":false}");
    assertField(message, "names", "null");
    assertField(Scalars.newBuilder().setInt64Value(5).build(), "int64_value", "\"5\"");
    assertField(Scalars.getDefaultInstance(), "string_value", "\"\"");
  }

  @Test
  void merges_into_what_the_builder_holds() {
    Everything.Builder into =
        Everything.newBuilder()
            .setScalars(Scalars.newBuilder().setInt32Value(1).setStringValue("kept"))
            .setChoice(Choice.newBuilder().setText("replaced"))
            .addChoices(Choice.newBuilder().setNumber(1))
            .setWellKnown(WellKnown.newBuilder().setTimestamp(Timestamp.newBuilder().setNanos(5)));
    CODEC.merge(
        ("{\"scalars\":{\"int32Value\":2},\"choice\":{\"number\":3},\"choices\":[{\"number\":2}],"
                + "\"wellKnown\":{\"timestamp\":\"1970-01-01T00:00:01Z\"}}")
            .getBytes(UTF_8),
        into);
    assertThat(into.build())
        .isEqualTo(
            Everything.newBuilder()
                .setScalars(Scalars.newBuilder().setInt32Value(2).setStringValue("kept"))
                .setChoice(Choice.newBuilder().setNumber(3))
                .addChoices(Choice.newBuilder().setNumber(1))
                .addChoices(Choice.newBuilder().setNumber(2))
                .setWellKnown(
                    WellKnown.newBuilder().setTimestamp(Timestamp.newBuilder().setSeconds(1)))
                .build());
  }

  @Test
  void reads_and_writes_extensions_by_their_full_name() {
    ExtensionRegistry extensions = ExtensionRegistry.newInstance();
    LegacyProto.registerAllExtensions(extensions);
    Legacy legacy =
        Legacy.newBuilder()
            .setId("i")
            .setExtension(LegacyProto.extraNumber, 5)
            .addExtension(LegacyProto.extraTexts, "a")
            .setExtension(LegacyProto.extraLegacy, Legacy.newBuilder().setId("j").build())
            .build();
    String json = CODEC.writeString(legacy);
    assertThat(json)
        .isEqualTo(
            "{\"id\":\"i\",\"[anywire.json.test.extra_number]\":5,"
                + "\"[anywire.json.test.extra_texts]\":[\"a\"],"
                + "\"[anywire.json.test.extra_legacy]\":{\"id\":\"j\"}}");
    JsonCodec knowing = JsonCodec.builder().extensions(extensions).build();
    assertThat(knowing.read(json.getBytes(UTF_8), Legacy.getDefaultInstance())).isEqualTo(legacy);
    assertThatThrownBy(() -> read(json, Legacy.getDefaultInstance()))
        .isInstanceOf(JsonException.class);
  }

  @Test
  void rejects_missing_required_fields() {
    assertThat(rejected(Legacy.getDefaultInstance(), "{\"id\":\"a\",\"child\":{}}").description())
        .isEqualTo("nothing for child.id (expected: required fields)");
  }

  @Test
  void rejects_messages_that_have_no_json_form_and_says_where() {
    assertUnwritable(
        WellKnown.newBuilder().addValues(Value.newBuilder().setNumberValue(Double.NaN)),
        "values[0]");
    assertUnwritable(
        WellKnown.newBuilder().setTimestamp(Timestamp.newBuilder().setNanos(-1)), "timestamp");
    assertUnwritable(
        WellKnown.newBuilder().setDuration(Duration.newBuilder().setSeconds(1).setNanos(-1)),
        "duration");
    assertUnwritable(WellKnown.newBuilder().setAny(Any.newBuilder().setTypeUrl("a/b")), "any");
    for (String path : new String[] {"fooBar", "foo__bar", "foo_3", "foo_", "a,b"}) {
      assertUnwritable(
          WellKnown.newBuilder().setFieldMask(FieldMask.newBuilder().addPaths(path)), "fieldMask");
    }
  }

  @Test
  void bounds_nesting_and_the_length_of_numbers() {
    JsonCodec strict = JsonCodec.builder().maxDepth(2).maxNumberLength(5).build();
    byte[] two = "{\"child\":{\"child\":{}}}".getBytes(UTF_8);
    byte[] three = "{\"child\":{\"child\":{\"child\":{}}}}".getBytes(UTF_8);
    assertThat(strict.read(two, Everything.getDefaultInstance()).getChild().hasChild()).isTrue();
    assertThatThrownBy(() -> strict.read(three, Everything.getDefaultInstance()))
        .hasMessageContaining("nested deeper (expected: at most 2 messages)");
    assertThatThrownBy(() -> strict.read("123456".getBytes(UTF_8), Int32Value.getDefaultInstance()))
        .isInstanceOf(JsonException.class);
    byte[] skipped =
        ("{\"later\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}").getBytes(UTF_8);
    assertThatThrownBy(() -> TOLERANT.read(skipped, Everything.getDefaultInstance()))
        .isInstanceOf(JsonException.class);
  }

  @Test
  void rejects_other_encodings_and_broken_utf_8() {
    byte[] utf16 = "{}".getBytes(java.nio.charset.StandardCharsets.UTF_16BE);
    assertThatThrownBy(() -> CODEC.read(utf16, Scalars.getDefaultInstance()))
        .isInstanceOf(JsonException.class);
    byte[] broken = "{\"stringValue\":\"?\"}".getBytes(UTF_8);
    broken[16] = (byte) 0xC3;
    assertThatThrownBy(() -> CODEC.read(broken, Scalars.getDefaultInstance()))
        .isInstanceOf(JsonException.class);
  }

  @Test
  void leaves_the_callers_streams_open() {
    boolean[] closed = new boolean[2];
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    CODEC.write(Int32Value.of(7), out);
    ByteArrayInputStream in =
        new ByteArrayInputStream(out.toByteArray()) {
          @Override
          public void close() {
            closed[1] = true;
          }
        };
    assertThat(CODEC.read(in, Int32Value.getDefaultInstance())).isEqualTo(Int32Value.of(7));
    assertThat(closed).containsExactly(false, false);
  }

  private static void assertField(Message message, String name, String json) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CODEC.writeField(message, field, out);
    assertThat(out.toString(UTF_8)).isEqualTo(json);
    Message.Builder back = message.newBuilderForType();
    CODEC.mergeField(out.toByteArray(), back, field);
    assertThat(back.getField(field)).isEqualTo(message.getField(field));
  }

  private static void assertUnwritable(WellKnown.Builder message, String path) {
    JsonException e =
        catchThrowableOfType(JsonException.class, () -> CODEC.writeBytes(message.build()));
    assertThat(e.path()).isEqualTo(path);
    assertThat(e.line()).isZero();
  }

  private static JsonException rejected(Message type, String json) {
    return catchThrowableOfType(JsonException.class, () -> read(json, type));
  }

  private static <T extends Message> T read(String json, T type) {
    return CODEC.read(json.getBytes(UTF_8), type);
  }
}
