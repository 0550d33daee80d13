package io.anywire.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
  private static final Subject A = new Subject("a", "", "A", List.of());
  private static final Subject B = new Subject("b", "", "B", List.of());
  private static final Subject C = new Subject("c", "", "C", List.of());

  private final List<String> order = new ArrayList<>();

  @Test
  void measures_each_subject_once_before_any_is_measured_again() throws Exception {
    Results results = RoundRobin.run(List.of(A, B, C), 3, this::measure);

    assertThat(order).containsExactly("a", "b", "c", "a", "b", "c", "a", "b", "c");
    assertThat(results.failures()).isEmpty();
    assertThat(results.measurements().keySet()).containsExactly(A, B, C);
    assertThat(results.measurements().get(B))
        .extracting(Measurement::throughput)
        .containsExactly(2.0, 5.0, 8.0);
  }

  @Test
  void leaves_out_a_subject_that_fails_with_all_its_figures() throws Exception {
    var told = new ArrayList<String>();
    RoundRobin.Measure secondTimeOfB =
        new RoundRobin.Measure() {
          @Override
          public Measurement measure(Subject subject) {
            Measurement measurement = RoundRobinTest.this.measure(subject);
            if (order.size() == 5) {
              throw new BenchException("3 of 100 requests failed");
            }
            return measurement;
          }

          @Override
          public void failed(Subject subject, String why) {
            told.add(subject.name() + ": " + why);
          }
        };

    Results results = RoundRobin.run(List.of(A, B, C), 3, secondTimeOfB);

    assertThat(order).containsExactly("a", "b", "c", "a", "b", "c", "a", "c");
    assertThat(results.measurements().keySet()).containsExactly(A, C);
    assertThat(results.failures()).containsExactly(Map.entry(B, "3 of 100 requests failed"));
    assertThat(told).containsExactly("b: 3 of 100 requests failed");
  }

  @Test
  void prepares_all_subjects_before_any_is_measured() throws Exception {
    Results results = RoundRobin.run(List.of(A, B, C), 1, new PreparesAllButB());

    assertThat(order).containsExactly("prepare a", "prepare c", "a", "c");
    assertThat(results.failures()).containsExactly(Map.entry(B, "does not start"));
  }

  private final class PreparesAllButB implements RoundRobin.Measure {
    @Override
    public void prepare(Subject subject) {
      if (subject.equals(B)) {
        throw new BenchException("does not start");
      }
      order.add("prepare " + subject.name());
    }

    @Override
    public Measurement measure(Subject subject) {
      return RoundRobinTest.this.measure(subject);
    }
  }

  private Measurement measure(Subject subject) {
    order.add(subject.name());
    return new Measurement(order.size(), 1, 1);
  }
}
