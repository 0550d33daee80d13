package io.anywire.messaging.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {
  private final Window window = new Window();
  private int mayStillArrive = Window.FIRST;

  @ParameterizedTest
  @CsvSource({"0, 128", "100, 128", "10000, 104", "100000, 10", "600000, 2", "16000000, 2"})
  void what_is_granted_follows_the_size_of_the_messages(int bytes, int room) {
    int most = 0;
    for (int i = 0; i < 1000; i++) {
      assertThat(mayStillArrive).isPositive();
      assertThat(window.arrived(bytes)).isTrue();
      mayStillArrive += window.taken() - 1;
      most = i < 50 ? 0 : Math.max(most, mayStillArrive);
    }
    assertThat(most).isLessThanOrEqualTo(room).isGreaterThanOrEqualTo(room / 2);
  }

  @Test
  void what_is_not_taken_is_not_granted_again() {
    int arrived = 0;
    while (window.arrived(10)) {
      arrived++;
    }
    assertThat(arrived).isEqualTo(Window.FIRST);
    assertThat(window.taken()).isEqualTo(128 - 15);
  }

  @Test
  void messages_that_grow_shrink_what_is_granted() {
    window.arrived(10);
    mayStillArrive = Window.FIRST - 1 + window.taken();
    int bytes = 0;
    for (int i = 0; i < 100 && mayStillArrive > 0; i++) {
      assertThat(window.arrived(1 << 20)).isTrue();
      bytes = Math.max(bytes, mayStillArrive);
      mayStillArrive += window.taken() - 1;
    }
    assertThat(mayStillArrive).isBetween(1, 28);
  }
}
