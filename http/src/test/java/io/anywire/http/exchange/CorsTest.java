package io.anywire.http.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.http.ProbeHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser is told, as curl shows it. */
@Timeout(30)
class CorsTest {
  private static final String SHOP = "https://shop.example";
  private final Anywire anywire = Anywire.builder().build();

  @BeforeAll
  static void needs_curl() {
    assertThat(Path.of("/usr/bin/curl"))
        .as("curl; install it with: apt-get install -y curl (or run dev/test)")
        .isExecutable();
  }

  @AfterEach
  void close() {
    anywire.close();
  }

  @Test
  void a_preflight_is_answered_for_every_protocol() throws Exception {
    String url = serve("?cors=" + SHOP + ",http://localhost:3000") + "/probe.v1.Probe/Unary";
    for (String origin : List.of(SHOP, "http://localhost:3000")) {
      String answer =
          curl(
              url,
              "-X",
              "OPTIONS",
              "-H",
              "Origin: " + origin,
              "-H",
              "Access-Control-Request-Method: POST",
              "-H",
              "Access-Control-Request-Headers: content-type,connect-protocol-version,x-mine");
      assertThat(answer)
          .startsWith("http/1.1 204")
          .contains("access-control-allow-origin: " + origin)
          .contains("access-control-allow-methods: get, head, post, put, patch, delete")
          .contains("access-control-allow-headers: content-type,connect-protocol-version,x-mine")
          .contains("access-control-max-age: 7200")
          .contains("vary: origin, access-control-request-method")
          .doesNotContain("allow-credentials");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://evil.example", "https://shop.example:444", "http://shop.example", "null"})
  void another_origin_is_not_allowed(String origin) throws Exception {
    String url = serve("?cors=" + SHOP) + "/probe.v1.Probe/Unary";
    String preflight =
        curl(
            url,
            "-X",
            "OPTIONS",
            "-H",
            "Origin: " + origin,
            "-H",
            "Access-Control-Request-Method: POST");
    assertThat(preflight).startsWith("http/1.1 403").doesNotContain("access-control-allow");
    String call =
        curl(url, "-H", "Origin: " + origin, "-H", "content-type: application/json", "-d", "{}");
    assertThat(call)
        .startsWith("http/1.1 200")
        .contains("vary: origin")
        .doesNotContain("access-control");
  }

  @Test
  void a_page_may_read_every_header_of_its_answer() throws Exception {
    String url = serve("?cors=*") + "/probe.v1.Probe/Unary";
    String web =
        curl(
            url,
            "-H",
            "Origin: " + SHOP,
            "-H",
            "content-type: application/grpc-web+proto",
            "--data-binary",
            "");
    assertThat(web)
        .contains("access-control-allow-origin: *")
        .contains("access-control-expose-headers: grpc-message, grpc-status\r\n");
    String connect =
        curl(url, "-H", "Origin: " + SHOP, "-H", "content-type: application/json", "-d", "{}");
    assertThat(connect)
        .startsWith("http/1.1 200")
        .contains("access-control-allow-origin: *")
        .doesNotContain("vary: origin");
    assertThat(curl(url.replace("/probe", "/nothing"), "-H", "Origin: " + SHOP))
        .startsWith("http/1.1 404")
        .contains("access-control-allow-origin: *");
  }

  @Test
  void without_the_option_nothing_is_said() throws Exception {
    String url = serve("") + "/probe.v1.Probe/Unary";
    String options =
        curl(
            url,
            "-X",
            "OPTIONS",
            "-H",
            "Origin: " + SHOP,
            "-H",
            "Access-Control-Request-Method: POST");
    assertThat(options)
        .startsWith("http/1.1 204")
        .contains("allow: options, post")
        .doesNotContain("access-control");
    String withOption = serve("?cors=" + SHOP) + "/probe.v1.Probe/Unary";
    assertThat(curl(withOption, "-X", "OPTIONS"))
        .contains("allow: options, post")
        .contains("vary: origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop.example",
        "https://shop.example/",
        "",
        "https://a.example,,https://b.example",
        "**"
      })
  void what_is_no_origin_is_refused_at_the_start(String origins) {
    assertThatThrownBy(() -> serve("?cors=" + origins)).hasMessageContaining("cors: ");
  }

  private String serve(String parameters) {
    AnywireServer server =
        anywire
            .server()
            .service(new ProbeHandler())
            .listen("http://127.0.0.1:0" + parameters)
            .start();
    return "http://127.0.0.1:" + server.urls().getFirst().host().port();
  }

  /** Status line, headers and body, in lower case. */
  private static String curl(String url, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("/usr/bin/curl", "-si", "-m", "10"));
    command.addAll(List.of(arguments));
    command.add(url);
    Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(curl.getInputStream().readAllBytes(), UTF_8).toLowerCase(Locale.ROOT);
  }
}
