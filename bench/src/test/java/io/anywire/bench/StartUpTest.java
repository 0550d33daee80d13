package io.anywire.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.bench.server.AnywireBlocking;
import io.anywire.testing.FreePorts;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StartUpTest {
  @Test
  void measures_from_the_start_of_the_process_to_its_first_answer() throws Exception {
    int port = FreePorts.next();
    long begun = System.nanoTime();
    long millis = StartUp.millis(server(AnywireBlocking.class.getName(), port), port, "/hello/you");
    assertThat(millis).isBetween(1L, (System.nanoTime() - begun) / 1_000_000);
  }

  @Test
  void says_what_a_process_said_that_ended_before_it_answered() {
    int port = FreePorts.next();
    assertThatThrownBy(() -> StartUp.millis(server("NoMain", port), port, "/hello/you"))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("Could not find or load main class NoMain");
  }

  private static ProcessBuilder server(String mainClass, int port) {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        mainClass,
        Integer.toString(port));
  }
}
