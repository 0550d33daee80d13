package io.anywire.broker.rabbitmq;

import static io.anywire.broker.rabbitmq.Rabbits.SOON;
import static io.anywire.broker.rabbitmq.Rabbits.done;
import static io.anywire.broker.rabbitmq.Rabbits.failure;
import static io.anywire.broker.rabbitmq.Rabbits.fresh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.anywire.broker.Broker;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.testing.RabbitMq;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PartitionsTest {
  private static final SubscribeOptions ORDERED =
      new SubscribeOptions(4, true, SubscribeOptions.NOW);

  private final String url = RabbitMq.shared().url();
  private final Broker broker = Rabbits.open(url);
  private final Topic events = Topic.events(fresh("keyed"));
  private final Received worker = new Received();

  @AfterEach
  void close() {
    broker.close();
  }

  private static Message keyed(String key, String text) {
    return Message.builder()
        .attribute(Message.KEY, key)
        .payload(ByteString.copyFromUtf8(text))
        .build();
  }

  @Test
  void what_the_holder_of_a_partition_had_goes_to_the_next_in_order() {
    Broker dying = Rabbits.open(url);
    dying.subscribe(events, "mail", ORDERED, worker);
    for (int i = 0; i < 50; i++) {
      done(broker.publish(events, keyed("k", "" + i)));
    }
    Delivery first = worker.next();
    done(first.settle(new Outcome.RetryAfter(Duration.ofMillis(50))));
    assertThat(worker.next().attempts()).isEqualTo(1);
    Subscription heir = broker.subscribe(events, "mail", ORDERED, worker);

    dying.close();

    for (int i = 0; i < 50; i++) {
      Delivery next = worker.next();
      assertThat(next.message().payload().toStringUtf8()).isEqualTo("" + i);
      done(next.settle(Outcome.DONE));
    }
    heir.close();
  }

  @Test
  @Timeout(120)
  void processes_share_the_partitions_and_keep_the_order() {
    int keys = 64;
    List<String> handled = new CopyOnWriteArrayList<>();
    AtomicInteger byFirst = new AtomicInteger();
    AtomicInteger bySecond = new AtomicInteger();
    int published = 0;
    try (Broker other = Rabbits.open(url)) {
      broker.subscribe(events, "mail", ORDERED, handling(handled, byFirst));
      done(broker.publish(events, keyed("key 0", "first")));
      await().atMost(SOON).until(() -> byFirst.get() == 1);
      other.subscribe(events, "mail", ORDERED, handling(handled, bySecond));
      while (bySecond.get() < 300) {
        for (int key = 0; key < keys; key++) {
          done(broker.publish(events, keyed("key " + key, key + "." + published)));
        }
        published++;
      }
      int all = 1 + published * keys;
      await().atMost(SOON).until(() -> handled.size() == all);
    }
    for (int key = 0; key < keys; key++) {
      String prefix = key + ".";
      assertThat(handled.stream().filter(text -> text.startsWith(prefix)))
          .isEqualTo(IntStream.range(0, published).mapToObj(i -> prefix + i).toList());
    }
  }

  private static Consumer<Delivery> handling(List<String> handled, AtomicInteger count) {
    return delivery ->
        Thread.startVirtualThread(() -> {
          handled.add(delivery.message().payload().toStringUtf8());
          count.incrementAndGet();
          done(delivery.settle(Outcome.DONE));
        });
  }

  @Test
  void what_only_waited_behind_its_key_has_crashed_nobody() {
    for (int i = 0; i < 3; i++) {
      Subscription subscription = broker.subscribe(events, "mail", ORDERED, worker);
      if (i == 0) {
        done(broker.publish(events, keyed("k", "first")));
        done(broker.publish(events, keyed("k", "behind")));
      }
      assertThat(worker.next().crashes()).isEqualTo(i);
      subscription.abandon();
    }
    broker.subscribe(events, "mail", ORDERED, worker);
    Delivery first = worker.next();
    assertThat(first.crashes()).isEqualTo(3);
    done(first.settle(Outcome.DONE));
    assertThat(worker.next().crashes()).isZero();
  }

  @Test
  void a_dead_letter_is_replayed_into_its_partition() {
    broker.subscribe(events, "mail", ORDERED, worker);
    done(broker.publish(events, keyed("k", "a")));
    done(worker.next().settle(new Outcome.Reject(Status.getDefaultInstance())));
    DeadLetters letters = broker.deadLetters(events, "mail");
    await().atMost(SOON).until(() -> letters.list(1).size() == 1);
    assertThat(letters.replay(letter -> true)).isEqualTo(1);
    Delivery again = worker.next();
    assertThat(again.message().key()).contains("k");
    assertThat(again).isInstanceOf(KeyedDelivery.class);
    assertThat(again.attempts()).isZero();
  }

  @Test
  void a_subscription_without_order_gets_keyed_events_too() {
    broker.subscribe(events, "mail", 10, worker);
    done(broker.publish(events, keyed("k", "a")));
    assertThat(worker.next().message().payload().toStringUtf8()).isEqualTo("a");
  }

  @Test
  void publishers_and_subscribers_must_agree_on_the_partitions() {
    broker.subscribe(events, "mail", ORDERED, worker);
    try (Broker other = Rabbits.open(url + "?partitions=8")) {
      var refused = failure(other.publish(events, keyed("k", "a")));
      assertThat(refused.getCode()).isEqualTo(Code.FAILED_PRECONDITION);
      assertThat(refused.getDescription()).contains("anywire.partitions.8");
      assertThatThrownBy(() -> other.subscribe(events, "bills", ORDERED, worker))
          .hasMessageStartingWith("FAILED_PRECONDITION");
    }
  }

  @Test
  void in_flight_is_bounded_over_all_partitions() {
    List<Delivery> taken = new CopyOnWriteArrayList<>();
    broker.subscribe(events, "mail", ORDERED, taken::add);
    IntStream.range(0, 40).forEach(i -> done(broker.publish(events, keyed("key " + i, "x"))));
    await().atMost(SOON).until(() -> taken.size() == 4);
    taken.forEach(d -> done(d.settle(Outcome.DONE)));
    await().atMost(SOON).until(() -> taken.size() == 8);
  }

  @Test
  void keys_are_hashed_as_other_programs_can_do_it_too() {
    assertThat(new Partitions(16).of("order-1")).isEqualTo(crc32("order-1") % 16);
    assertThat(new Partitions(16).of("Größe")).isEqualTo((int) (2_490_273_813L % 16));
  }

  private static int crc32(String ascii) {
    int crc = ~0;
    for (char c : ascii.toCharArray()) {
      crc ^= c;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ (0xEDB88320 & -(crc & 1));
      }
    }
    return (int) Math.floorMod(Integer.toUnsignedLong(~crc), 16L);
  }
}
