package io.anywire.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InstalledTest {
  @Test
  void finds_a_program_in_its_usual_place_before_the_path() {
    assertThat(Installed.find("sh", "dash", "/nowhere/sh", "/bin/sh"))
        .isEqualTo(Path.of("/bin/sh"));
    assertThat(Installed.find("sh", "dash")).isExecutable().hasFileName("sh");
  }

  @Test
  void names_the_command_that_installs_a_missing_program() {
    assertThatThrownBy(() -> Installed.find("no-such-server", "no-such-package", "/nowhere/x"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "no-such-server not found; install it with: apt-get install -y"
                + " --no-install-recommends no-such-package (or run dev/test)");
  }
}
