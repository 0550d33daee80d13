package io.anywire.conformance.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One fault of each kind; {@code dev/chaos} makes more of them. */
@Timeout(600)
class EnginesUnderFaultsTest {
  private static final long SEED = 1;

  @ParameterizedTest
  @ValueSource(strings = {"anywire", "rabbitmq"})
  void loses_nothing_keeps_order_and_leaves_nobody_hanging(String engine) throws Exception {
    Findings findings = EngineRun.of(engine, Plan.brief(), SEED);
    assertThat(findings.account().acknowledged()).isNotEmpty();
    assertThat(findings.hold()).as(text(findings)).isTrue();
  }

  private static String text(Findings findings) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Report(new PrintStream(bytes, true, UTF_8)).print(findings);
    return bytes.toString(UTF_8);
  }
}
