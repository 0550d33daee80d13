package io.anywire.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SubjectTest {
  private static final Subject A = new Subject("a", "", "A", List.of());
  private static final Subject B = new Subject("b", "", "B", List.of());
  private static final Subject C = new Subject("c", "", "C", List.of());

  @Test
  void takes_all_where_none_is_named() {
    assertThat(Subject.select(List.of(A, B, C), List.of())).containsExactly(A, B, C);
  }

  @Test
  void takes_each_named_one_once_in_the_order_of_the_names() {
    assertThat(Subject.select(List.of(A, B, C), List.of("c", "a", "c"))).containsExactly(C, A);
  }

  @Test
  void takes_all_of_one_name() {
    Subject namesake = new Subject("a", "", "D", List.of());
    assertThat(Subject.select(List.of(A, B, namesake), List.of("a"))).containsExactly(A, namesake);
  }

  @Test
  void says_which_subjects_there_are() {
    assertThatThrownBy(() -> Subject.select(List.of(A, B), List.of("d")))
        .isInstanceOf(BenchException.class)
        .hasMessage("subject: d (expected: one of [a, b])");
  }
}
