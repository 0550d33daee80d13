package io.anywire.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.anywire.codec.EveryKind;
import io.anywire.codec.RandomMessages;
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

  private static final JsonCodec CODEC = JsonCodec.builder().types(EveryKind.TYPES).build();
  private static final JsonCodec WITH_DEFAULTS =
      JsonCodec.builder().types(EveryKind.TYPES).printDefaults(true).build();
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().usingTypeRegistry(EveryKind.TYPES).omittingInsignificantWhitespace();
  private static final JsonFormat.Parser PARSER =
      JsonFormat.parser().usingTypeRegistry(EveryKind.TYPES);

  static List<Message> types() {
    return EveryKind.MESSAGES;
  }

  @ParameterizedTest
  @MethodSource("types")
  void writes_what_json_format_reads_and_in_the_same_words(Message type) throws Exception {
    for (int i = 0; i < CASES; i++) {
      Message message = new RandomMessages(SEED + i, EveryKind.IN_ANY).next(type);
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
      Message message = new RandomMessages(SEED + i, EveryKind.IN_ANY).next(type);
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
      Message message = new RandomMessages(SEED + i, EveryKind.IN_ANY).next(type);
      assertThat(CODEC.read(CODEC.writeBytes(message), type))
          .as("seed %d", SEED + i)
          .isEqualTo(message);
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void writes_defaults_as_json_format_does(Message type) throws Exception {
    for (int i = 0; i < CASES / 10; i++) {
      Message message = new RandomMessages(SEED + i, EveryKind.IN_ANY).next(type);
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
