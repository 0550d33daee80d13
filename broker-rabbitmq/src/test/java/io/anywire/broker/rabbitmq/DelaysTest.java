package io.anywire.broker.rabbitmq;

import static io.anywire.broker.rabbitmq.Rabbits.SOON;
import static io.anywire.broker.rabbitmq.Rabbits.done;
import static io.anywire.broker.rabbitmq.Rabbits.failure;
import static io.anywire.broker.rabbitmq.Rabbits.fresh;
import static io.anywire.broker.rabbitmq.Rabbits.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Publication;
import io.anywire.broker.Topic;
import io.anywire.testing.RabbitMq;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DelaysTest {
  private final Broker broker = Rabbits.open(RabbitMq.shared().url());
  private final Topic queue = Topic.queue(fresh("delayed"));

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void ten_thousand_delayed_messages_hold_up_nothing_that_is_due() {
    List<CompletionStage<Void>> taken = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      Duration delay = Duration.ofSeconds(20 + i % 580);
      taken.add(broker.publish(new Publication(queue, text("later"), delay)));
    }
    taken.forEach(Rabbits::done);
    Map<String, Long> arrived = new ConcurrentHashMap<>();
    broker.subscribe(
        queue,
        Topic.WORKERS,
        100,
        delivery -> {
          arrived.put(delivery.message().payload().toStringUtf8(), System.nanoTime());
          delivery.settle(Outcome.DONE);
        });
    long begin = System.nanoTime();
    for (int tenths = 1; tenths <= 30; tenths++) {
      Duration delay = Duration.ofMillis(100L * tenths);
      Message message = text(String.valueOf(tenths));
      done(broker.publish(new Publication(queue, message, delay)));
    }

    await().atMost(SOON).until(() -> arrived.size() >= 30);

    for (int tenths = 1; tenths <= 30; tenths++) {
      Duration rest = Duration.ofNanos(arrived.get(String.valueOf(tenths)) - begin);
      assertThat(rest)
          .isBetween(Duration.ofMillis(100L * tenths), Duration.ofMillis(100L * tenths + 2_500));
    }
  }

  @Test
  void a_delayed_event_goes_to_every_subscription() {
    Topic events = Topic.events(fresh("delayed"));
    Received one = new Received();
    Received two = new Received();
    broker.subscribe(events, "one", 10, one);
    broker.subscribe(events, "two", 10, two);
    long begin = System.nanoTime();
    done(broker.publish(new Publication(events, text("a"), Duration.ofMillis(350))));
    assertThat(one.next().message()).isEqualTo(two.next().message());
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(350));
  }

  @Test
  void a_delay_that_is_too_long_is_refused() {
    Publication publication = new Publication(queue, text("a"), Duration.ofDays(100));
    assertThat(failure(broker.publish(publication)).getCode()).isEqualTo(Code.INVALID_ARGUMENT);
  }
}
