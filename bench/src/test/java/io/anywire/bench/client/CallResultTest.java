package io.anywire.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CallResultTest {
  @Test
  void reads_what_it_wrote() {
    var good = new CallResult(1_000_000, 0, 10.25, "");
    assertThat(CallResult.parse(good.line())).isEqualTo(good);

    var bad = new CallResult(3, 2, 0.001, "UNAVAILABLE: io exception");
    assertThat(CallResult.parse(bad.line())).isEqualTo(bad);
  }

  @Test
  void keeps_a_failure_of_many_lines_on_one() {
    assertThat(new CallResult(1, 1, 1, "reply: message: \"no\"\n").line())
        .isEqualTo("calls 1 failed 1 seconds 1.0 reply: message: \"no\" ");
  }

  @Test
  void refuses_anything_else() {
    assertThatThrownBy(() -> CallResult.parse("")).hasMessageStartingWith("result: ''");
  }
}
