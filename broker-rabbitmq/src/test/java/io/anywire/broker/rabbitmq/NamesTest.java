package io.anywire.broker.rabbitmq;

import static io.anywire.broker.rabbitmq.Rabbits.done;
import static io.anywire.broker.rabbitmq.Rabbits.failure;
import static io.anywire.broker.rabbitmq.Rabbits.fresh;
import static io.anywire.broker.rabbitmq.Rabbits.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Status;
import io.anywire.broker.Broker;
import io.anywire.broker.Outcome;
import io.anywire.broker.Topic;
import io.anywire.testing.RabbitMq;
import io.grpc.Status.Code;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  private final Broker broker = Rabbits.open(RabbitMq.shared().url());
  private final Received worker = new Received();
  private final Received other = new Received();

  @AfterEach
  void close() {
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b/c%2F~d", "Über.Größe.世界.🐇", "amq.topic", "#.*", "'\";--"})
  void may_be_strange(String name) {
    Topic topic = Topic.events(fresh(name));
    broker.subscribe(topic, name, 10, worker);
    broker.subscribe(topic, name + "/other", 10, other);

    publish(broker, topic, "hello");

    done(worker.next().settle(new Outcome.Reject(Status.getDefaultInstance())));
    done(other.next().settle(Outcome.DONE));
    assertThat(broker.deadLetters(topic, name).list(2)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "世", "/"})
  void may_be_as_long_as_a_topic_allows(String character) {
    String longest = character.repeat(200 / character.getBytes(UTF_8).length);
    Topic topic = Topic.events(longest);
    broker.subscribe(topic, longest, 10, worker);
    broker.subscribe(topic, longest.substring(1), 10, other);

    publish(broker, topic, "hello");

    done(worker.next().settle(new Outcome.RetryAfter(Duration.ofMillis(1))));
    done(worker.next().settle(Outcome.DONE));
    done(other.next().settle(Outcome.DONE));
    assertThat(other.count()).isZero();
  }

  @Test
  void are_refused_where_they_cannot_be() {
    Topic events = Topic.events("events");
    assertThatThrownBy(() -> broker.subscribe(events, "x".repeat(201), 1, worker))
        .hasMessageStartingWith("INVALID_ARGUMENT");
    assertThatThrownBy(() -> broker.subscribe(Topic.queue("tasks"), "others", 1, worker))
        .hasMessageStartingWith("INVALID_ARGUMENT");
    assertThat(failure(broker.results().get("half \ud83d")).getCode())
        .isEqualTo(Code.INVALID_ARGUMENT);
  }
}
