package io.anywire.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Lines as Linux has them under /proc. */
class CompilerThreadsTest {
  @Test
  void adds_up_user_and_system_time_of_a_compiler() {
    assertThat(
            CompilerThreads.cpu(
                "4242 (C2 CompilerThre) S 4200 4200 4100 0 -1 4194368 9000 0 3 0 250 17 0 0 20 0"
                    + " 38 0 123456 7500000000 60000 18446744073709551615"))
        .isEqualTo(Duration.ofMillis(2670));
  }

  @Test
  void leaves_out_all_other_threads() {
    assertThat(
            CompilerThreads.cpu(
                "4243 (epoll (C2) 1-1) S 4200 4200 4100 0 -1 4194368 9000 0 3 0 250 17 0 0 20 0"))
        .isZero();
    assertThat(CompilerThreads.cpu("")).isZero();
  }

  @Test
  void finds_the_compilers_of_a_jvm_that_runs() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "threads are told on Linux");

    assertThat(CompilerThreads.cpu(ProcessHandle.current().pid())).isPositive();
  }
}
