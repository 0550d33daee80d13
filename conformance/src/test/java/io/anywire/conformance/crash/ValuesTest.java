package io.anywire.conformance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValuesTest {
  private final Complaints complaints = new Complaints();
  private final Values values = new Values(complaints);

  @Test
  void takes_any_result_since_the_last_that_was_confirmed() {
    values.found("id", Optional.empty(), values.oldest("id"));
    values.put("id", values.putting("id"));
    long unconfirmed = values.putting("id");
    values.found("id", Optional.of(1L), values.oldest("id"));
    values.found("id", Optional.of(unconfirmed), values.oldest("id"));
    assertThat(complaints.none()).isTrue();
  }

  @Test
  void notices_a_result_that_is_gone_older_or_from_nowhere() {
    values.put("id", values.putting("id"));
    values.put("id", values.putting("id"));
    values.found("id", Optional.empty(), values.oldest("id"));
    values.found("id", Optional.of(1L), values.oldest("id"));
    values.found("id", Optional.of(3L), values.oldest("id"));
    assertThat(complaints.of(Wrong.RESULTS)).hasSize(3);
  }

  @Test
  void takes_the_choice_that_stands() {
    values.chose("id", 1, false);
    values.chose("id", 2, true);
    values.chose("id", 2, true);
    values.chose("id", 3, false);
    assertThat(complaints.none()).isTrue();
  }

  @Test
  void notices_a_choice_that_is_forgotten() {
    values.chose("id", 2, true);
    values.chose("id", 3, true);
    values.chose("other", 2, true);
    values.chose("other", 2, false);
    values.chose("third", 2, false);
    values.chose("third", 2, true);
    assertThat(complaints.of(Wrong.CHOICES)).hasSize(3);
  }
}
