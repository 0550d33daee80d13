package io.anywire.http.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That {@code docs/limits.md} says what the suite proves, and the other way round. */
class LimitsDocTest {
  @Test
  void the_documented_attacks_are_those_of_the_suite() throws Exception {
    List<String> documented =
        Files.readAllLines(Path.of("..", "docs", "limits.md")).stream()
            .filter(line -> line.matches("\\| (HTTP/|TLS|QUIC).*"))
            .toList();
    assertThat(documented).containsExactlyElementsOf(lines().toList());
    assertThat(documented).hasSizeGreaterThanOrEqualTo(400).doesNotHaveDuplicates();
  }

  private static Stream<String> lines() throws Exception {
    return HostilePeerTest.attacks()
        .map(
            attack -> "| %s | %s | %s |".formatted(attack.wire(), attack.name(), attack.refusal()));
  }
}
