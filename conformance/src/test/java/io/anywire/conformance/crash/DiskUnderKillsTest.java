package io.anywire.conformance.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A few kills; {@code dev/crash} makes more of them. */
@Timeout(300)
class DiskUnderKillsTest {
  private static final int ROUNDS = 5;
  private static final long SEED = 1;

  @Test
  void loses_nothing_repeats_nothing_that_is_over_and_keeps_order() throws Exception {
    Findings findings = CrashRun.of(ROUNDS, "fsync", SEED);
    assertThat(findings.account().acknowledged()).isGreaterThan(100);
    assertThat(findings.account().deliveries()).isGreaterThan(100);
    assertThat(findings.values().confirmed()).isGreaterThan(10);
    assertThat(findings.hold()).as(text(findings)).isTrue();
  }

  private static String text(Findings findings) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    findings.print(new PrintStream(bytes, true, UTF_8));
    return bytes.toString(UTF_8);
  }
}
