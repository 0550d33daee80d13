package io.anywire.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  @Test
  void every_wire_answers_and_the_process_ends_by_itself() {
    try (LocalProcess process =
        JavaProcess.of(Rehearsal.class).jvmOptions("--enable-native-access=ALL-UNNAMED").start()) {
      assertThat(process.awaitExit(Duration.ofMinutes(1))).as(process.output()).isZero();
      assertThat(process.output()).isEmpty();
    }
  }
}
