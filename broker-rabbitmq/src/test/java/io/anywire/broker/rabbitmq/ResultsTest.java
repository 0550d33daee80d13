package io.anywire.broker.rabbitmq;

import static io.anywire.broker.rabbitmq.Rabbits.SOON;
import static io.anywire.broker.rabbitmq.Rabbits.done;
import static io.anywire.broker.rabbitmq.Rabbits.fresh;
import static io.anywire.broker.rabbitmq.Rabbits.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import io.anywire.broker.Results;
import io.anywire.testing.RabbitMq;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResultsTest {
  private static final Duration KEEP = Duration.ofMinutes(1);

  private final Broker broker = Rabbits.open(RabbitMq.shared().url());
  private final Results results = broker.results();
  private final String id = fresh("strange / id % 🐇");

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void has_nothing_under_an_id_that_was_never_used() {
    assertThat(done(results.get(id))).isEmpty();
  }

  @Test
  void keeps_the_last_value_for_whoever_asks() {
    Message second = text("second");
    done(results.put(id, text("first"), KEEP));
    done(results.put(id, second, KEEP));

    assertThat(done(results.get(id))).contains(second);
    assertThat(done(results.get(id))).contains(second);
  }

  @Test
  void keeps_a_value_for_another_time_than_the_one_before() {
    Message second = text("second");
    done(results.put(id, text("first"), KEEP));
    done(results.put(id, second, Duration.ofHours(24)));

    assertThat(done(results.get(id))).contains(second);
  }

  @Test
  void forgets_a_value_when_its_time_is_over() {
    done(results.put(id, text("short"), Duration.ofMillis(100)));

    // To ask is to use, which prolongs the time: so not too often.
    await()
        .pollInterval(Duration.ofMillis(500))
        .atMost(SOON)
        .until(() -> done(results.get(id)).isEmpty());
  }

  @Test
  void shows_a_value_to_all_who_ask_at_once() {
    done(results.put(id, text("value"), KEEP));
    List<CompletionStage<Optional<Message>>> asked = new ArrayList<>();
    try (Broker other = Rabbits.open(RabbitMq.shared().url())) {
      for (int i = 0; i < 50; i++) {
        asked.add(results.get(id));
        asked.add(other.results().get(id));
      }

      assertThat(asked).allSatisfy(one -> assertThat(done(one)).isPresent());
    }
  }
}
