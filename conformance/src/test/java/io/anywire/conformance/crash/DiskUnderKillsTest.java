package io.anywire.conformance.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A few kills; {@code dev/crash} makes more of them. */
@Timeout(300)
class DiskUnderKillsTest {
  private static final int ROUNDS = 5;

  @ParameterizedTest
  @CsvSource({"fsync,1", "page-cache,2"})
  void loses_nothing_repeats_nothing_that_is_over_and_keeps_order(String durability, long seed)
      throws Exception {
    Findings findings = CrashRun.of(ROUNDS, durability, seed);
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
