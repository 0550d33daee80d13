package io.anywire.xml;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Value;
import io.anywire.codec.EveryKind;
import io.anywire.codec.RandomMessages;
import io.anywire.json.test.Choice;
import io.anywire.json.test.Everything;
import io.anywire.json.test.Legacy;
import io.anywire.json.test.LegacyProto;
import io.anywire.json.test.Maps;
import io.anywire.json.test.Scalars;
import io.anywire.json.test.WellKnown;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;

/** What is written is read back as it was, by us and through an XML tool that is not ours. */
class XmlRoundTripTest {
  private static final long SEED = 20_250_102L;
  private static final int CASES = 150;

  private static final XmlCodec CODEC = XmlCodec.builder().types(EveryKind.TYPES).build();
  private static final XmlCodec WITH_DEFAULTS =
      XmlCodec.builder().types(EveryKind.TYPES).printDefaults(true).build();

  static List<Message> types() {
    return EveryKind.MESSAGES;
  }

  @ParameterizedTest
  @MethodSource("types")
  void reads_what_it_writes(Message type) {
    for (int i = 0; i < CASES; i++) {
      Message message = random(i, type);
      assertThat(CODEC.read(CODEC.writeBytes(message), type))
          .as("seed %d: %s", SEED + i, message)
          .isEqualTo(message);
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void reads_what_it_writes_with_defaults(Message type) {
    for (int i = 0; i < CASES / 10; i++) {
      Message message = random(i, type);
      assertThat(CODEC.read(WITH_DEFAULTS.writeBytes(message), type))
          .as("seed %d", SEED + i)
          .isEqualTo(message);
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void reads_what_the_jdk_read_and_wrote_again(Message type) throws Exception {
    for (int i = 0; i < CASES / 10; i++) {
      Message message = random(i, type);
      Document tree =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(CODEC.writeBytes(message)));
      ByteArrayOutputStream again = new ByteArrayOutputStream();
      Transformer transformer = TransformerFactory.newDefaultInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.ENCODING, i % 2 == 0 ? "UTF-8" : "UTF-16");
      transformer.transform(new DOMSource(tree), new StreamResult(again));
      assertThat(CODEC.read(again.toByteArray(), type)).as("seed %d", SEED + i).isEqualTo(message);
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void reads_each_field_that_it_wrote_alone(Message type) {
    for (int i = 0; i < CASES / 10; i++) {
      Message message = random(i, type);
      Message.Builder back = type.newBuilderForType();
      for (var field : message.getDescriptorForType().getFields()) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CODEC.writeField(message, field, out);
        CODEC.mergeField(out.toByteArray(), back, field);
      }
      assertThat(back.build()).as("seed %d", SEED + i).isEqualTo(message);
    }
  }

  @Test
  void keeps_what_json_would_lose() {
    assertRoundTrip(Value.getDefaultInstance());
    assertRoundTrip(Value.newBuilder().setNumberValue(Double.NEGATIVE_INFINITY).build());
    assertRoundTrip(WellKnown.newBuilder().setValue(Value.getDefaultInstance()).build());
  }

  @Test
  void keeps_every_character_that_a_protobuf_string_can_hold() {
    StringBuilder all = new StringBuilder();
    for (int c = 0; c <= 0x10FFFF; c = c < 0x2000 ? c + 1 : c + 0x1FF) {
      if (c < 0xD800 || c > 0xDFFF) {
        all.appendCodePoint(c);
      }
    }
    all.append('\uFFFD').append('\uFFFE').append('\uFFFF').append("]]>\r\n \t\\u0000");
    String carried = "\t\n\r <>&\"'\\u0041 \\ ]]>\u0085\u2028\uFFFD\uD83D\uDE00 ";
    for (String text : List.of(all.toString(), carried, "\u0000", "\\", " ", "\n", "\r\n")) {
      assertRoundTrip(Scalars.newBuilder().setStringValue(text).build());
      assertRoundTrip(Maps.newBuilder().putStringKeys(text, 1).build());
      assertRoundTrip(Maps.newBuilder().putSint64Keys(1, text).build());
      assertRoundTrip(StringValue.of(text));
      assertRoundTrip(Any.pack(StringValue.of(text)));
    }
  }

  @Test
  void keeps_texts_and_names_across_the_ends_of_buffers() {
    for (int length = 4080; length < 4110; length++) {
      String text = "x".repeat(length) + "\uD83D\uDE00<&>" + "é".repeat(5000);
      assertRoundTrip(
          Everything.newBuilder()
              .setScalars(Scalars.newBuilder().setStringValue(text))
              .setMaps(Maps.newBuilder().putStringKeys(text, 5))
              .build());
    }
  }

  @Test
  void keeps_anys_in_anys() {
    Any inner = Any.pack(Choice.newBuilder().setText("\u0001").build());
    assertRoundTrip(Any.pack(inner));
    assertRoundTrip(Any.pack(Any.pack(inner)));
    assertRoundTrip(Any.pack(Any.getDefaultInstance()));
    assertRoundTrip(WellKnown.newBuilder().addAnys(Any.pack(inner)).addAnys(inner).build());
  }

  @Test
  void keeps_extensions() {
    ExtensionRegistry extensions = ExtensionRegistry.newInstance();
    LegacyProto.registerAllExtensions(extensions);
    Legacy legacy =
        Legacy.newBuilder()
            .setId("i")
            .setExtension(LegacyProto.extraNumber, 5)
            .addExtension(LegacyProto.extraTexts, "a")
            .addExtension(LegacyProto.extraTexts, "b")
            .setExtension(LegacyProto.extraLegacy, Legacy.newBuilder().setId("j").build())
            .build();
    String xml = CODEC.writeString(legacy);
    assertThat(xml)
        .contains("<_x005B_anywire.json.test.extra_number_x005D_>5</_x005B_anywire.json");
    XmlCodec knowing = XmlCodec.builder().extensions(extensions).build();
    assertThat(knowing.read(xml.getBytes(UTF_8), Legacy.getDefaultInstance())).isEqualTo(legacy);
  }

  @Test
  void reads_utf_16() {
    Scalars message = Scalars.newBuilder().setStringValue("日本語 😀").setInt32Value(5).build();
    String xml = CODEC.writeString(message);
    assertThat(CODEC.read(xml.getBytes(UTF_16), Scalars.getDefaultInstance())).isEqualTo(message);
    String declared = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + xml;
    assertThat(CODEC.read(declared.getBytes(UTF_16), Scalars.getDefaultInstance()))
        .isEqualTo(message);
  }

  private static Message random(int i, Message type) {
    return new RandomMessages(SEED + i, EveryKind.IN_ANY).next(type);
  }

  private static void assertRoundTrip(Message message) {
    assertThat(CODEC.read(CODEC.writeBytes(message), message.getDefaultInstanceForType()))
        .isEqualTo(message);
  }
}
