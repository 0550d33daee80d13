package io.anywire.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Publication;
import io.anywire.broker.Topic;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several takers of one backlog. */
@Timeout(60)
class SharedBacklogTest {
  private static final Topic QUEUE = Topic.queue("shared");

  private final Anywire anywire = Anywire.builder().application("app").build();
  private final Broker broker = anywire.broker("memory:shared");

  @AfterEach
  void close() {
    anywire.close();
  }

  @RepeatedTest(20)
  void what_comes_goes_to_whoever_has_room() throws Exception {
    BlockingQueue<Delivery> taken = new LinkedBlockingQueue<>();
    for (int i = 0; i < 3; i++) {
      broker.subscribe(QUEUE, Topic.WORKERS, 1, taken::add);
    }

    for (int i = 0; i < 3; i++) {
      publish(Duration.ofMillis(i * 10));
      assertThat(taken.poll(20, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void what_is_due_goes_to_whoever_has_room() throws Exception {
    BlockingQueue<Delivery> taken = new LinkedBlockingQueue<>();
    for (int i = 0; i < 3; i++) {
      broker.subscribe(QUEUE, Topic.WORKERS, 1, taken::add);
    }

    for (int i = 1; i <= 3; i++) {
      publish(Duration.ofMillis(100 * i));
    }

    for (int i = 0; i < 3; i++) {
      assertThat(taken.poll(20, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void many_takers_get_everything_once() throws Exception {
    int count = 50_000;
    Set<String> seen = ConcurrentHashMap.newKeySet();
    CountDownLatch settled = new CountDownLatch(count);
    for (int inFlight : new int[] {1, 2, 7, 300}) {
      broker.subscribe(
          QUEUE,
          Topic.WORKERS,
          inFlight,
          delivery -> {
            assertThat(seen.add(delivery.message().id())).isTrue();
            Thread.startVirtualThread(() -> settle(delivery, settled));
          });
    }

    for (int i = 0; i < count; i++) {
      publish(Duration.ZERO);
    }

    assertThat(settled.await(50, TimeUnit.SECONDS)).isTrue();
    var state = broker.operations().state(QUEUE, Topic.WORKERS);
    assertThat(state.inFlight()).hasValue(0);
    assertThat(state.waiting()).isZero();
  }

  private static void settle(Delivery delivery, CountDownLatch settled) {
    delivery.settle(Outcome.DONE).thenRun(settled::countDown);
  }

  private void publish(Duration delay) throws Exception {
    Message message = Message.of(ByteString.EMPTY);
    broker
        .publish(new Publication(QUEUE, message, delay))
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }
}
