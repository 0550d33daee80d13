package io.anywire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.WireUrl.HostPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireUrlTest {
  @Test
  void reads_every_part() {
    WireUrl url = WireUrl.parse("rabbitmq+tls://me:s%40cret@mq1:5673,mq2/shop?in-flight=5&a=b%20c");

    assertThat(url.scheme()).isEqualTo("rabbitmq");
    assertThat(url.tls()).isTrue();
    assertThat(url.credentials()).contains(new WireUrl.Credentials("me", "s@cret"));
    assertThat(url.hosts()).containsExactly(new HostPort("mq1", 5673), new HostPort("mq2", -1));
    assertThat(url.path()).isEqualTo("/shop");
    assertThat(url.parameters()).isEqualTo(Map.of("in-flight", "5", "a", "b c"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memory:",
        "memory:shop",
        "http://127.0.0.1:8080",
        "anywire://[::1]:8080",
        "https://example",
        "kafka://a:1,b:2/x?y=z"
      })
  void is_written_as_it_was_read(String text) {
    assertThat(WireUrl.parse(text)).hasToString(text);
  }

  @Test
  void https_is_http_with_tls() {
    WireUrl url = WireUrl.parse("http+tls://example:1");

    assertThat(url).isEqualTo(WireUrl.parse("https://example:1")).hasToString("https://example:1");
    assertThat(url.scheme()).isEqualTo("http");
    assertThat(url.tls()).isTrue();
  }

  @Test
  void never_shows_a_password() {
    assertThat(WireUrl.parse("rabbitmq://me:secret@host").toString()).doesNotContain("secret");
    assertThatThrownBy(() -> WireUrl.parse("rabbitmq://me:secret@host:70000"))
        .hasMessageNotContaining("secret");
  }

  @Test
  void reads_credentials_from_a_file(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("mq"), "me:secret\nmore\n");
    assertThat(WireUrl.parse("rabbitmq://host?credentials=file:" + file).credentials())
        .contains(new WireUrl.Credentials("me", "secret"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8080 | no scheme",
        "://host | no scheme",
        "h t://host | scheme 'h t'",
        "http://host:port | port 'port' (expected: 0 to 65535)",
        "http://host:70000 | port '70000'",
        "http://:80 | an empty host",
        "http://host?x | parameter 'x' (expected: name=value)",
        "rabbitmq://host?credentials=me:secret | (expected: env:NAME or file:PATH)",
        "rabbitmq://host?credentials=env:NO_SUCH_VARIABLE | which is not set"
      })
  void says_what_is_wrong(String url, String message) {
    assertThatThrownBy(() -> WireUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void an_unknown_scheme_is_refused_by_name() {
    try (Anywire anywire = Anywire.builder().build()) {
      assertThatThrownBy(() -> anywire.channel("carrier-pigeon://host"))
          .hasMessageContaining("scheme 'carrier-pigeon'");
      assertThatThrownBy(() -> anywire.channel("pigeon://host"))
          .hasMessageContaining("no wire has the scheme 'pigeon'");
    }
  }
}
