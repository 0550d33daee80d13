package io.anywire.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.Value;
import io.anywire.xml.test.Author;
import io.anywire.xml.test.Book;
import io.anywire.xml.test.Colour;
import io.anywire.xml.test.Cover;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** That every block of XML in {@code docs/xml.md} is what the codec reads and writes. */
class XmlDocTest {
  private static final XmlCodec CODEC =
      XmlCodec.builder()
          .types(
              TypeRegistry.newBuilder()
                  .add(Cover.getDescriptor())
                  .add(Duration.getDescriptor())
                  .build())
          .build();
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```xml\n(.*?)^```$");

  /** What the page's blocks say, in its order; one that is not a document is a field of a book. */
  private static final List<Book> SAID =
      List.of(
          Book.newBuilder()
              .setId("b1")
              .setTitle("Moby-Dick & others")
              .addTags("sea")
              .addTags("whale")
              .putPrices("EUR", 12.5)
              .putPrices("USD", 14)
              .setAuthor(Author.newBuilder().setName("Herman Melville").setBornIn(1819))
              .setPublishedAt(seconds("1851-10-18T00:00:00Z"))
              .setAttachment(Any.pack(Cover.newBuilder().setColour(Colour.BLUE).build()))
              .build(),
          Book.newBuilder()
              .setSettings(
                  Struct.newBuilder()
                      .putFields("size", Value.newBuilder().setNumberValue(5).build()))
              .build(),
          Book.newBuilder()
              .setAttachment(Any.pack(Duration.newBuilder().setSeconds(3).build()))
              .build(),
          Book.newBuilder().setTitle("a\0b\\c").build());

  @Test
  void the_page_shows_what_the_codec_reads() throws Exception {
    assertThat(documents().stream().map(XmlDocTest::read)).containsExactlyElementsOf(SAID);
  }

  @Test
  void the_page_shows_what_the_codec_writes() throws Exception {
    assertThat(documents().stream().map(XmlDocTest::withoutIndentation))
        .containsExactlyElementsOf(SAID.stream().map(CODEC::writeString).toList());
  }

  private static List<String> documents() throws Exception {
    return BLOCK
        .matcher(Files.readString(Path.of("..", "docs", "xml.md")))
        .results()
        .map(block -> block.group(1))
        .map(xml -> xml.startsWith("<Book>") ? xml : "<Book>" + xml + "</Book>")
        .toList();
  }

  private static Book read(String xml) {
    return CODEC.read(xml.getBytes(UTF_8), Book.getDefaultInstance());
  }

  private static String withoutIndentation(String xml) {
    return xml.replaceAll("(?m)^ +|\n", "");
  }

  private static Timestamp seconds(String moment) {
    return Timestamp.newBuilder().setSeconds(Instant.parse(moment).getEpochSecond()).build();
  }
}
