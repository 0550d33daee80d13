package io.anywire.xml;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Message;
import com.google.protobuf.Value;
import com.sun.net.httpserver.HttpServer;
import io.anywire.json.test.Everything;
import io.anywire.json.test.Maps;
import io.anywire.json.test.Scalars;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that are made to harm whoever reads them. */
@Timeout(30)
class HostileXmlTest {
  private static final XmlCodec CODEC = XmlCodec.standard();
  private static final XmlCodec TOLERANT = XmlCodec.builder().ignoreUnknownFields(true).build();
  private static final int HUNDRED_MEGABYTES = 100 << 20;

  @Test
  void expands_no_entities() {
    StringBuilder laughs = new StringBuilder("<!DOCTYPE Scalars [<!ENTITY l0 \"lol\">");
    for (int i = 1; i < 10; i++) {
      String ten = ("&l" + (i - 1) + ";").repeat(10);
      laughs.append("<!ENTITY l%d \"%s\">".formatted(i, ten));
    }
    String bomb = laughs + "]><Scalars><stringValue>&l9;</stringValue></Scalars>";
    for (XmlCodec codec : List.of(CODEC, TOLERANT)) {
      XmlException e = rejected(codec, bomb.getBytes(UTF_8));
      assertThat(e.description()).isEqualTo("a document type (expected: elements and text)");
    }
  }

  @Test
  void opens_no_file(@TempDir Path folder) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "42");
    assertNothingOpened(secret.toUri().toString());
  }

  @Test
  void asks_no_server() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      assertNothingOpened("http://127.0.0.1:" + server.getAddress().getPort() + "/secret");
      assertThat(asked).hasValue(0);
    } finally {
      server.stop(0);
    }
  }

  private static void assertNothingOpened(String address) {
    String content = "<Scalars><stringValue>&x;</stringValue></Scalars>";
    for (String type :
        List.of(
            "<!DOCTYPE Scalars [<!ENTITY x SYSTEM \"%s\">]>".formatted(address),
            "<!DOCTYPE Scalars SYSTEM \"%s\">".formatted(address),
            "<!DOCTYPE Scalars PUBLIC \"-//x\" \"%s\">".formatted(address),
            "<!DOCTYPE Scalars [<!ENTITY %% p SYSTEM \"%s\">%%p;]>".formatted(address))) {
      for (XmlCodec codec : List.of(CODEC, TOLERANT)) {
        assertThat(rejected(codec, (type + content).getBytes(UTF_8)).description())
            .startsWith("a document type");
      }
    }
    String include =
        "<Scalars xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\"%s\"/></Scalars>"
            .formatted(address);
    assertThat(rejected(CODEC, include.getBytes(UTF_8)).description()).startsWith("namespace");
    String schema =
        "<Scalars xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
            + " xsi:noNamespaceSchemaLocation=\"%s\"/>".formatted(address);
    assertThat(TOLERANT.read(schema.getBytes(UTF_8), Scalars.getDefaultInstance()))
        .isEqualTo(Scalars.getDefaultInstance());
  }

  @Test
  void bounds_nesting_that_it_reads_and_that_it_skips() {
    assertThat(
            rejected(CODEC, "<Everything>" + "<child>".repeat(101), Everything.getDefaultInstance())
                .description())
        .isEqualTo("nested deeper (expected: at most 100 messages)");
    assertThat(rejected(TOLERANT, ("<Scalars>" + "<a>".repeat(5_000_000)).getBytes(UTF_8)))
        .hasMessageContaining("Maximum Element Depth");
    String array = "<listValue><values>";
    assertThat(rejected(CODEC, "<Value>" + array.repeat(200_000), Value.getDefaultInstance()))
        .hasMessageContaining("(expected: at most 100 messages)");
  }

  @Test
  void reads_nesting_up_to_the_bound() {
    Everything.Builder deep = Everything.newBuilder();
    for (int i = 0; i < 100; i++) {
      deep = Everything.newBuilder().setChild(deep);
    }
    assertThat(CODEC.read(CODEC.writeBytes(deep.build()), Everything.getDefaultInstance()))
        .isEqualTo(deep.build());
  }

  @Test
  void takes_no_attribute_of_a_hundred_megabytes() {
    byte[] key = filled("<Maps><stringKeys key=\"", "\">1</stringKeys></Maps>");
    XmlException e =
        catchThrowableOfType(XmlException.class, () -> CODEC.read(key, Maps.getDefaultInstance()));
    assertThat(e).hasMessageContaining("Maximum attribute size limit (1048576) exceeded");
    assertThat(rejected(TOLERANT, filled("<Scalars x='", "'/>")))
        .hasMessageContaining("Maximum attribute size");
  }

  @Test
  void shows_little_of_a_huge_name_or_text() {
    assertThat(rejected(CODEC, filled("<Scalars><", "/></Scalars>")).getMessage())
        .hasSizeLessThan(300);
    assertThat(
            rejected(CODEC, filled("<Scalars><int32Value>", "</int32Value></Scalars>"))
                .getMessage())
        .hasSizeLessThan(300);
    assertThat(rejected(CODEC, filled("<Scalars>", "</Scalars>")).getMessage())
        .hasSizeLessThan(300);
  }

  @Test
  void takes_few_attributes() {
    StringBuilder many = new StringBuilder("<Scalars");
    for (int i = 0; i < 100_000; i++) {
      many.append(" a").append(i).append("=''");
    }
    assertThat(rejected(TOLERANT, many.append("/>").toString().getBytes(UTF_8)))
        .hasMessageContaining("ttribute");
  }

  @Test
  void knows_utf_8_and_utf_16_only() {
    assertThat(rejected(CODEC, declared("ISO-8859-1", ISO_8859_1)).description())
        .isEqualTo("encoding ISO-8859-1 (expected: UTF-8 or UTF-16)");
    for (String name : List.of("UTF-32", "UTF-7", "IBM037", "windows-1252", "x", "UTF-16")) {
      assertThat(rejected(CODEC, declared(name, UTF_8))).as(name).isNotNull();
    }
    assertThat(rejected(CODEC, declared("UTF-8", UTF_16))).isNotNull();
    assertThat(rejected(CODEC, "<Scalars/>".getBytes(UTF_16LE))).isNotNull();
    assertThat(rejected(CODEC, "<Scalars/>".getBytes(Charset.forName("UTF-32")))).isNotNull();
    assertThat(rejected(CODEC, "<Scalars/>".getBytes(Charset.forName("IBM037")))).isNotNull();
    assertThat(CODEC.read(declared("us-ascii", UTF_8), Scalars.getDefaultInstance())).isNotNull();
  }

  @Test
  void rejects_broken_utf_8_wherever_it_is() {
    byte[] broken = "<Scalars><stringValue>?</stringValue></Scalars>".getBytes(UTF_8);
    int at = new String(broken, UTF_8).indexOf('?');
    for (int bad : new int[] {0xFF, 0xC0, 0x80, 0xED, 0xF8}) {
      broken[at] = (byte) bad;
      assertThat(rejected(CODEC, broken)).as("%x", bad).isNotNull();
    }
    byte[] surrogate = "<Scalars><stringValue>???</stringValue></Scalars>".getBytes(UTF_8);
    surrogate[at] = (byte) 0xED;
    surrogate[at + 1] = (byte) 0xA0;
    surrogate[at + 2] = (byte) 0x80;
    assertThat(rejected(CODEC, surrogate)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "<",
        "<Scalars",
        "<Scalars>",
        "<Scalars></scalars>",
        "<Scalars/>x",
        "<Scalars/><Scalars/>",
        "x<Scalars/>",
        "<Scalars><stringValue>&x;</stringValue></Scalars>",
        "<Scalars><stringValue>&#0;</stringValue></Scalars>",
        "<Scalars><stringValue>&#xFFFF;</stringValue></Scalars>",
        "<Scalars><stringValue>&#xD800;</stringValue></Scalars>",
        "<Scalars><stringValue>\u0001</stringValue></Scalars>",
        "<Scalars><stringValue>]]></stringValue></Scalars>",
        "<Scalars><stringValue>a & b</stringValue></Scalars>",
        "<Scalars x='&y;'/>",
        "<Scalars x='<'/>",
        "<Scalars x='1' x='2'/>",
        "<Scalars x=1/>",
        "<x:Scalars/>",
        "<?xml version='1.1'?><Scalars/>",
        " <?xml version='1.0'?><Scalars/>",
        "<Scalars><!-- a -- b --></Scalars>",
        "{}"
      })
  void rejects_what_is_no_xml(String text) {
    for (XmlCodec codec : List.of(CODEC, TOLERANT)) {
      XmlException e = rejected(codec, text.getBytes(UTF_8));
      assertThat(e).as(text).isNotNull();
      assertThat(e.line()).isPositive();
      assertThat(e.column()).isPositive();
    }
  }

  private static byte[] declared(String name, Charset charset) {
    return "<?xml version=\"1.0\" encoding=\"%s\"?><Scalars/>".formatted(name).getBytes(charset);
  }

  /** A document with a hundred megabytes of letters in it. */
  private static byte[] filled(String before, String after) {
    byte[] document = new byte[before.length() + HUNDRED_MEGABYTES + after.length()];
    Arrays.fill(document, (byte) 'x');
    System.arraycopy(before.getBytes(UTF_8), 0, document, 0, before.length());
    System.arraycopy(
        after.getBytes(UTF_8), 0, document, document.length - after.length(), after.length());
    return document;
  }

  private static XmlException rejected(XmlCodec codec, byte[] xml) {
    return catchThrowableOfType(
        XmlException.class, () -> codec.read(xml, Scalars.getDefaultInstance()));
  }

  private static XmlException rejected(XmlCodec codec, String xml, Message type) {
    return catchThrowableOfType(XmlException.class, () -> codec.read(xml.getBytes(UTF_8), type));
  }
}
