package io.anywire.http.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.http.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What curl makes of it. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class CurlTest {
  private static LibraryServer server;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    server = new LibraryServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void keeps_what_has_not_changed() throws Exception {
    server.shelves.put("a", "one");
    Path tag = folder.resolve("tag");
    String[] revalidate = {"--etag-save", tag.toString(), "--etag-compare", tag.toString()};
    Files.createFile(tag);
    assertThat(curl("/shelves/a", revalidate)).contains("\"theme\":\"one\"").endsWith("200");
    assertThat(curl("/shelves/a", revalidate)).isEqualTo("304");
    server.shelves.put("a", "two");
    assertThat(curl("/shelves/a", revalidate)).contains("\"theme\":\"two\"").endsWith("200");
  }

  @Test
  void inflates_an_answer_over_both_versions_of_http() throws Exception {
    server.shelves.put("b", "t".repeat(5000));
    for (String version : new String[] {"--http1.1", "--http2-prior-knowledge"}) {
      assertThat(curl("/shelves/b", version, "--compressed", "-D", "-"))
          .contains("content-encoding: gzip")
          .contains("t".repeat(5000))
          .endsWith("200");
    }
  }

  @Test
  void sees_events_as_they_come() throws Exception {
    assertThat(curl("/books:watch?count=1", "-N", "-H", "accept: text/event-stream"))
        .isEqualTo("data: {\"id\":\"b0\"}\n\nevent: end\nid: end\ndata: {}\n\n200");
  }

  @Test
  void gets_xml_by_asking_for_it() throws Exception {
    assertThat(curl("/books?page_size=5", "-H", "accept: text/xml"))
        .isEqualTo(
            "<FindBooksResponse><asked><pageSize>5</pageSize></asked></FindBooksResponse>200");
  }

  /** The body, and the status behind it. */
  private static String curl(String target, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "-w", "%{http_code}"));
    command.addAll(List.of(options));
    command.add(server.url() + target);
    Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(curl.getInputStream().readAllBytes(), UTF_8);
    assertThat(curl.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
