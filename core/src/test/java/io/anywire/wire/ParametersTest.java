package io.anywire.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.WireUrl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {
  @Test
  void reads_each_as_what_it_is() {
    Parameters of = of("n=7&size=64KiB&wait=500ms&age=off&gzip=on&to=a, b&mode=fast&note=x");

    assertThat(of.number("n", 1, 0, 9)).isEqualTo(7);
    assertThat(of.bytes("size", 1, 0, 1 << 20)).isEqualTo(64 << 10);
    assertThat(of.duration("wait", Duration.ZERO, Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
    assertThat(of.optionalDuration("age", Optional.of(Duration.ZERO), Duration.ZERO)).isEmpty();
    assertThat(of.flag("gzip", false)).isTrue();
    assertThat(of.list("to")).containsExactly("a", "b");
    assertThat(of.choice("mode", "slow", List.of("slow", "fast"))).isEqualTo("fast");
    assertThat(of.text("note")).contains("x");
    of.requireNoOthers();
  }

  @Test
  void takes_the_default_where_the_URL_is_silent() {
    Parameters of = of("credentials=env:PATH");

    assertThat(of.number("n", 1, 0, 9)).isEqualTo(1);
    assertThat(of.bytes("size", 1, 0, 9)).isEqualTo(1);
    assertThat(of.duration("wait", Duration.ofHours(1), Duration.ZERO)).hasHours(1);
    assertThat(of.optionalDuration("age", Optional.empty(), Duration.ZERO)).isEmpty();
    assertThat(of.flag("gzip", true)).isTrue();
    assertThat(of.list("to")).isEmpty();
    assertThat(of.choice("mode", "slow", List.of("slow", "fast"))).isEqualTo("slow");
    assertThat(of.text("note")).isEmpty();
    of.requireNoOthers();
  }

  @ParameterizedTest
  @CsvSource({"0", "10", "-1", "x", "''", "99999999999"})
  void refuses_a_number_that_is_none_or_out_of_bounds(String text) {
    assertThatThrownBy(() -> of("n=" + text).number("n", 1, 1, 9))
        .hasMessage("http://h?n=" + text + ": n=" + text + " (expected: 1 to 9)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2GiB", "9999999999GiB", "4mb", "KiB", "1.5KiB"})
  void refuses_a_size_that_is_none_or_out_of_bounds(String text) {
    assertThatThrownBy(() -> of("size=" + text).bytes("size", 64, 64, 1 << 30))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("size=" + text + " (expected: 64 to 1073741824 bytes, such as");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "9ms", "101d", "99999999999999999h", "soon", "off"})
  void refuses_a_time_that_is_none_or_out_of_bounds(String text) {
    assertThatThrownBy(
            () -> of("wait=" + text).duration("wait", Duration.ZERO, Duration.ofMillis(10)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("wait=" + text + " (expected: at least 10ms, such as 500ms");
  }

  @Test
  void refuses_what_is_neither_on_nor_off() {
    assertThatThrownBy(() -> of("gzip=yes").flag("gzip", true))
        .hasMessageContaining("gzip=yes (expected: on or off)");
  }

  @Test
  void refuses_a_parameter_that_nobody_has_read() {
    Parameters of = of("idel=5s");
    of.duration("idle", Duration.ofMinutes(5), Duration.ofMillis(1));

    assertThatThrownBy(of::requireNoOthers)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "http://h?idel=5s: unknown parameter 'idel' (expected: one of credentials, idle)");
  }

  private static Parameters of(String query) {
    return Parameters.of(WireUrl.parse("http://h?" + query));
  }
}
