package io.anywire.conformance.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DriverDocTest {
  private static final Path TEST =
      Path.of("src/test/java/io/anywire/conformance/broker/RabbitMqBrokerTest.java");

  @Test
  void the_page_for_authors_of_drivers_shows_a_test_as_it_is() throws IOException {
    String source = Files.readString(TEST);
    String shown = source.substring(source.indexOf("class "));
    assertThat(Files.readString(Path.of("../docs/drivers.md")))
        .contains("```java\n" + shown + "```\n");
  }
}
