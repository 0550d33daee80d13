package io.anywire.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.anywire.json.test.Choice;
import io.anywire.json.test.Colour;
import io.anywire.json.test.Everything;
import io.anywire.json.test.Legacy;
import io.anywire.json.test.Lists;
import io.anywire.json.test.Maps;
import io.anywire.json.test.Names;
import io.anywire.json.test.Scalars;
import io.anywire.json.test.WellKnown;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlCodecTest {
  private static final XmlCodec CODEC = XmlCodec.standard();
  private static final XmlCodec TOLERANT = XmlCodec.builder().ignoreUnknownFields(true).build();

  @Test
  void writes_the_forms_of_the_mapping() {
    assertForm(
        Lists.newBuilder().addInt32Value(1).addInt32Value(2).addColour(Colour.COLOUR_RED).build(),
        "<Lists><int32Value>1</int32Value><int32Value>2</int32Value><colour>COLOUR_RED</colour>"
            + "</Lists>");
    assertForm(
        Maps.newBuilder().putStringKeys("a<\"\n", 1).putBoolKeys(true, false).build(),
        "<Maps><boolKeys key=\"true\">false</boolKeys>"
            + "<stringKeys key=\"a&lt;&quot;&#10;\">1</stringKeys></Maps>");
    assertForm(
        Choice.newBuilder().setRaw(ByteString.copyFrom(new byte[] {(byte) 0xFB, 0})).build(),
        "<Choice><raw>+wA=</raw></Choice>");
    assertForm(
        Scalars.newBuilder().setDoubleValue(Double.NaN).setFloatValue(-1.0f / 0).build(),
        "<Scalars><doubleValue>NaN</doubleValue><floatValue>-Infinity</floatValue></Scalars>");
    assertForm(
        Scalars.newBuilder().setStringValue("\u0001\\").build(),
        "<Scalars><stringValue escaped=\"true\">\\u0001\\\\</stringValue></Scalars>");
    assertForm(
        Names.newBuilder().setRenamed(1).build(),
        "<Names><_x0040_renamed_x0020_here>1</_x0040_renamed_x0020_here></Names>");
    assertForm(Everything.getDefaultInstance(), "<Everything/>");
    assertForm(
        Everything.newBuilder().setScalars(Scalars.getDefaultInstance()).build(),
        "<Everything><scalars/></Everything>");
  }

  @Test
  void writes_well_known_types_as_their_json_texts() {
    assertForm(
        WellKnown.newBuilder()
            .setTimestamp(Timestamp.newBuilder().setSeconds(5))
            .setDuration(Duration.newBuilder().setNanos(500_000_000))
            .setFieldMask(FieldMask.newBuilder().addPaths("a.b_c").addPaths("d"))
            .setStruct(
                Struct.newBuilder().putFields("k", Value.newBuilder().setStringValue("v").build()))
            .setAny(Any.pack(Duration.newBuilder().setSeconds(3).build()))
            .setEmpty(Empty.getDefaultInstance())
            .setStringWrapper(StringValue.of(""))
            .build(),
        "<WellKnown><timestamp>1970-01-01T00:00:05Z</timestamp><duration>0.500s</duration>"
            + "<fieldMask>a.bC,d</fieldMask>"
            + "<struct><fields key=\"k\"><stringValue>v</stringValue></fields></struct>"
            + "<any type=\"type.googleapis.com/google.protobuf.Duration\">3s</any><empty/>"
            + "<stringWrapper/></WellKnown>");
  }

  @Test
  void a_rejection_names_path_line_and_column() {
    XmlException e =
        rejected(
            Everything.getDefaultInstance(),
            "<Everything><children/>\n <children><scalars><int32Value> x </int32Value></scalars>"
                + "</children></Everything>");
    assertThat(e.path()).isEqualTo("children[1].scalars.int32Value");
    assertThat(e.description()).isEqualTo("\"x\" (expected: int32)");
    assertThat(e)
        .hasMessage("children[1].scalars.int32Value: \"x\" (expected: int32) at line 2, column 21");
    assertThat(
            rejected(
                    Maps.getDefaultInstance(),
                    "<Maps><stringKeys key=\"a.b\">-1</stringKeys></Maps>")
                .path())
        .isEqualTo("stringKeys[\"a.b\"]");
  }

  @Test
  void a_message_without_an_xml_form_says_where() {
    assertUnwritable(
        WellKnown.newBuilder().addTimestamps(Timestamp.newBuilder().setNanos(-1)), "timestamps[0]");
    assertUnwritable(
        WellKnown.newBuilder().setFieldMask(FieldMask.newBuilder().addPaths("")), "fieldMask");
    assertUnwritable(WellKnown.newBuilder().setAny(Any.newBuilder().setTypeUrl("a/b.C")), "any");
    assertUnwritable(Scalars.newBuilder().setStringValue("\uD800"), "stringValue");
    assertUnwritable(Maps.newBuilder().putStringKeys("\uDC00", 1), "stringKeys[\"\uFFFD\"]");
    assertUnwritable(Maps.newBuilder().putSint64Keys(1, "\u0001\uD800"), "sint64Keys.1");
  }

  @Test
  void accepts_what_tools_make_of_a_document() {
    Scalars expected = Scalars.newBuilder().setInt32Value(100).setStringValue(" a b ").build();
    assertThat(
            read(
                "\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<!-- c -->"
                    + "<?target data?>\n<Scalars xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
                    + "\r\n\t<int32_value>\n 1<!-- c -->e2 \t</int32_value>"
                    + "<stringValue> a<![CDATA[ b]]>&#32;</stringValue><boolValue xsi:nil='true'/>"
                    + "\n</Scalars>\n<!-- c -->\n",
                Scalars.getDefaultInstance()))
        .isEqualTo(expected);
  }

  @Test
  void elements_of_a_list_may_stand_apart() {
    assertThat(
            read(
                "<Lists><int32Value>1</int32Value><boolValue>true</boolValue>"
                    + "<int32Value>2</int32Value></Lists>",
                Lists.getDefaultInstance()))
        .isEqualTo(Lists.newBuilder().addInt32Value(1).addInt32Value(2).addBoolValue(true).build());
  }

  @Test
  void the_tolerant_codec_skips_what_it_does_not_know() {
    String xml =
        "<Everything version=\"2\"><later><a/>text</later><lists><colour>COLOUR_RED</colour>"
            + "<colour>LATER</colour></lists><choice><colour>LATER</colour></choice>"
            + "<maps><fixed32Keys key=\"1\">LATER</fixed32Keys></maps></Everything>";
    assertThat(TOLERANT.read(xml.getBytes(UTF_8), Everything.getDefaultInstance()))
        .isEqualTo(
            Everything.newBuilder()
                .setLists(Lists.newBuilder().addColour(Colour.COLOUR_RED))
                .setChoice(Choice.getDefaultInstance())
                .setMaps(Maps.getDefaultInstance())
                .build());
    assertThatThrownBy(() -> read(xml, Everything.getDefaultInstance()))
        .hasMessageContaining("unknown attribute \"version\"");
  }

  @Test
  void a_field_alone_is_a_document() {
    Everything message =
        Everything.newBuilder()
            .addChoices(Choice.newBuilder().setNumber(1))
            .setScalars(Scalars.newBuilder().setInt32Value(7))
            .build();
    assertField(message, "scalars", "<Scalars><int32Value>7</int32Value></Scalars>");
    assertField(
        message, "choices", "<Everything><choices><number>1</number></choices></Everything>");
    assertField(message, "names", "<Names nil=\"true\"/>");
    assertField(
        message.getScalars(), "int32_value", "<Scalars><int32Value>7</int32Value></Scalars>");
  }

  @Test
  void merges_into_what_the_builder_holds() {
    Everything.Builder into =
        Everything.newBuilder()
            .setScalars(Scalars.newBuilder().setInt32Value(1).setStringValue("kept"))
            .setChoice(Choice.newBuilder().setText("replaced"))
            .addChoices(Choice.newBuilder().setNumber(1));
    CODEC.merge(
        ("<Everything><scalars><int32Value>2</int32Value></scalars><choice><number>3</number>"
                + "</choice><choices><number>2</number></choices></Everything>")
            .getBytes(UTF_8),
        into);
    assertThat(into.build())
        .isEqualTo(
            Everything.newBuilder()
                .setScalars(Scalars.newBuilder().setInt32Value(2).setStringValue("kept"))
                .setChoice(Choice.newBuilder().setNumber(3))
                .addChoices(Choice.newBuilder().setNumber(1))
                .addChoices(Choice.newBuilder().setNumber(2))
                .build());
  }

  @Test
  void rejects_missing_required_fields() {
    assertThat(
            rejected(Legacy.getDefaultInstance(), "<Legacy><id>a</id><child/></Legacy>")
                .description())
        .isEqualTo("nothing for child.id (expected: required fields)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<Scalars><int32Value>1</int32Value><int32_value>1</int32_value></Scalars>",
        "<Scalars><int32Value/></Scalars>",
        "<Scalars><int32Value>2147483648</int32Value></Scalars>",
        "<Scalars><int32Value>1.5</int32Value></Scalars>",
        "<Scalars><int32Value>0x1</int32Value></Scalars>",
        "<Scalars><int32Value>1 2</int32Value></Scalars>",
        "<Scalars><int32Value key='1'>1</int32Value></Scalars>",
        "<Scalars><int32Value type='x'>1</int32Value></Scalars>",
        "<Scalars><int32Value escaped='maybe'>1</int32Value></Scalars>",
        "<Scalars><int32Value nil='true'>1</int32Value></Scalars>",
        "<Scalars><stringValue escaped='true'>\\n</stringValue></Scalars>",
        "<Scalars><stringValue escaped='true'>\\u12</stringValue></Scalars>",
        "<Scalars><stringValue escaped='true'>\\ud800</stringValue></Scalars>",
        "<Scalars><stringValue><b>x</b></stringValue></Scalars>",
        "<Scalars><boolValue>TRUE</boolValue></Scalars>",
        "<Scalars><doubleValue>1e400</doubleValue></Scalars>",
        "<Scalars><doubleValue>INF</doubleValue></Scalars>",
        "<Scalars><bytesValue>!!</bytesValue></Scalars>",
        "<Scalars><colour>NOPE</colour></Scalars>",
        "<Scalars>text</Scalars>",
        "<Scalars><nope/></Scalars>",
        "<Scalars xmlns='urn:x'/>",
        "<x:Scalars xmlns:x='urn:x'/>",
        "<Other/>"
      })
  void rejects_what_does_not_fit_scalars(String xml) {
    assertRejected(Scalars.getDefaultInstance(), xml);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<Maps><int32Keys>1</int32Keys></Maps>",
        "<Maps><int32Keys key='a'>1</int32Keys></Maps>",
        "<Maps><int32Keys key='1'>1</int32Keys><int32Keys key='1.0'>2</int32Keys></Maps>",
        "<Maps><int32Keys key='1' nil='true'/></Maps>",
        "<Maps><boolKeys key='True'>true</boolKeys></Maps>",
      })
  void rejects_what_does_not_fit_maps(String xml) {
    assertRejected(Maps.getDefaultInstance(), xml);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<WellKnown><timestamp>2025-02-30T12:00:00Z</timestamp></WellKnown>",
        "<WellKnown><duration>1</duration></WellKnown>",
        "<WellKnown><fieldMask>a_b</fieldMask></WellKnown>",
        "<WellKnown><any><x/></any></WellKnown>",
        "<WellKnown><any type='a/b.C'/></WellKnown>",
        "<WellKnown><any type='x/google.protobuf.Duration'>x</any></WellKnown>",
        "<WellKnown><any type='x/google.protobuf.Any'><value/><value/></any></WellKnown>",
        "<WellKnown><values nil='true'/></WellKnown>",
        "<WellKnown><value><boolValue>true</boolValue><numberValue>1</numberValue></value>"
            + "</WellKnown>",
      })
  void rejects_what_does_not_fit_well_known_types(String xml) {
    assertRejected(WellKnown.getDefaultInstance(), xml);
  }

  private static void assertForm(Message message, String xml) {
    assertThat(CODEC.writeString(message)).isEqualTo(xml);
    assertThat(read(xml, message.getDefaultInstanceForType())).isEqualTo(message);
  }

  private static void assertField(Message message, String name, String xml) {
    var field = message.getDescriptorForType().findFieldByName(name);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CODEC.writeField(message, field, out);
    assertThat(out.toString(UTF_8)).isEqualTo(xml);
    Message.Builder back = message.newBuilderForType();
    CODEC.mergeField(out.toByteArray(), back, field);
    assertThat(back.getField(field)).isEqualTo(message.getField(field));
  }

  private static void assertUnwritable(Message.Builder message, String path) {
    XmlException e =
        catchThrowableOfType(XmlException.class, () -> CODEC.writeBytes(message.build()));
    assertThat(e.path()).isEqualTo(path);
    assertThat(e.line()).isZero();
  }

  private static void assertRejected(Message type, String xml) {
    XmlException e = rejected(type, xml);
    assertThat(e).as(xml).isNotNull();
    assertThat(e.line()).isEqualTo(1);
    assertThat(e.column()).isPositive();
    assertThat(e.description()).contains("(expected: ");
  }

  private static XmlException rejected(Message type, String xml) {
    return catchThrowableOfType(XmlException.class, () -> read(xml, type));
  }

  private static <T extends Message> T read(String xml, T type) {
    return CODEC.read(xml.getBytes(UTF_8), type);
  }
}
