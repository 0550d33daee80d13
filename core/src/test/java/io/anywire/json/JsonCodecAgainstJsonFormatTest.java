package io.anywire.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Empty;
import com.google.protobuf.Int64Value;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.anywire.json.test.Choice;
import io.anywire.json.test.Everything;
import io.anywire.json.test.Legacy;
import io.anywire.json.test.Lists;
import io.anywire.json.test.Maps;
import io.anywire.json.test.Modern;
import io.anywire.json.test.Names;
import io.anywire.json.test.Optionals;
import io.anywire.json.test.Scalars;
import io.anywire.json.test.WellKnown;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Generated messages of every field kind: what one side writes, the other reads, and in the same
 * words.
 */
class JsonCodecAgainstJsonFormatTest {
  private static final long SEED = 20_250_101L;
  private static final int CASES = 150;

  private static final List<Message> IN_ANY =
      List.of(
          Scalars.getDefaultInstance(),
          Choice.getDefaultInstance(),
          WellKnown.getDefaultInstance(),
          Legacy.getDefaultInstance(),
          Timestamp.getDefaultInstance(),
          Duration.getDefaultInstance(),
          Struct.getDefaultInstance(),
          Value.getDefaultInstance(),
          Int64Value.getDefaultInstance(),
          Empty.getDefaultInstance());

  private static final TypeRegistry TYPES =
      TypeRegistry.newBuilder()
          .add(IN_ANY.stream().map(Message::getDescriptorForType).toList())
          .build();

  private static final JsonCodec CODEC = JsonCodec.builder().types(TYPES).build();
  private static final JsonCodec WITH_DEFAULTS =
      JsonCodec.builder().types(TYPES).printDefaults(true).build();
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().usingTypeRegistry(TYPES).omittingInsignificantWhitespace();
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().usingTypeRegistry(TYPES);

  static List<Message> types() {
    return List.of(
        Scalars.getDefaultInstance(),
        Optionals.getDefaultInstance(),
        Lists.getDefaultInstance(),
        Maps.getDefaultInstance(),
        Choice.getDefaultInstance(),
        WellKnown.getDefaultInstance(),
        Names.getDefaultInstance(),
        Everything.getDefaultInstance(),
        Legacy.getDefaultInstance(),
        Modern.getDefaultInstance(),
        Struct.getDefaultInstance(),
        Value.getDefaultInstance(),
        ListValue.getDefaultInstance(),
        Timestamp.getDefaultInstance(),
        Duration.getDefaultInstance(),
        DynamicMessage.getDefaultInstance(Everything.getDescriptor()),
        DynamicMessage.getDefaultInstance(WellKnown.getDescriptor()),
        DynamicMessage.getDefaultInstance(Maps.getDescriptor()),
        DynamicMessage.getDefaultInstance(Legacy.getDescriptor()));
  }

  @ParameterizedTest
  @MethodSource("types")
  void writes_what_json_format_reads_and_in_the_same_words(Message type) throws Exception {
    for (int i = 0; i < CASES; i++) {
      Message message = new RandomMessages(SEED + i, IN_ANY).next(type);
      String ours = CODEC.writeString(message);
      Message.Builder back = type.newBuilderForType();
      PARSER.merge(ours, back);
      assertThat(back.build()).as("seed %d: %s", SEED + i, ours).isEqualTo(message);
      assertSameJson(ours, PRINTER.print(message), SEED + i);
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void reads_what_json_format_writes(Message type) throws Exception {
    for (int i = 0; i < CASES; i++) {
      Message message = new RandomMessages(SEED + i, IN_ANY).next(type);
      String theirs = PRINTER.preservingProtoFieldNames().print(message);
      assertThat(CODEC.read(PRINTER.print(message).getBytes(StandardCharsets.UTF_8), type))
          .as("seed %d", SEED + i)
          .isEqualTo(message);
      assertThat(CODEC.read(theirs.getBytes(StandardCharsets.UTF_8), type))
          .as("seed %d, names of the contract: %s", SEED + i, theirs)
          .isEqualTo(message);
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void reads_what_it_writes(Message type) {
    for (int i = 0; i < CASES; i++) {
      Message message = new RandomMessages(SEED + i, IN_ANY).next(type);
      assertThat(CODEC.read(CODEC.writeBytes(message), type))
          .as("seed %d", SEED + i)
          .isEqualTo(message);
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void writes_defaults_as_json_format_does(Message type) throws Exception {
    for (int i = 0; i < CASES / 10; i++) {
      Message message = new RandomMessages(SEED + i, IN_ANY).next(type);
      assertSameJson(
          WITH_DEFAULTS.writeString(message),
          PRINTER.alwaysPrintFieldsWithNoPresence().print(message),
          SEED + i);
    }
  }

  /** The same text, except that JsonFormat escapes what HTML would mind. */
  private static void assertSameJson(String ours, String theirs, long seed) {
    assertThat(JsonParser.parseString(ours))
        .as("seed %d", seed)
        .isEqualTo(JsonParser.parseString(theirs));
    if (!theirs.contains("\\u")) {
      assertThat(ours).as("seed %d", seed).isEqualTo(theirs);
    }
  }
}
