package io.anywire.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeliverersTest {
  private static final int MORE_THAN_THREADS = 500;

  private final Deliverers deliverers = new Deliverers(Thread::startVirtualThread);

  /** What fails on purpose says nothing. */
  private final Deliverers failing =
      new Deliverers(Thread.ofVirtual().uncaughtExceptionHandler((thread, e) -> {})::start);

  @Test
  void gives_everybody_a_turn_for_each_time_that_it_is_asked_for() throws InterruptedException {
    int threads = 8;
    int each = 20_000;
    CountDownLatch turns = new CountDownLatch(threads * each);
    List<Thread> asking = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      asking.add(
          Thread.ofPlatform()
              .start(() ->
                  IntStream.range(0, each).forEach(turn -> deliverers.add(() -> counted(turns)))));
    }

    for (Thread thread : asking) {
      thread.join();
    }
    assertThat(turns.await(50, TimeUnit.SECONDS)).isTrue();
  }

  private static boolean counted(CountDownLatch turns) {
    turns.countDown();
    return false;
  }

  @Test
  void gives_more_turns_to_who_wants_them_after_those_who_wait() throws InterruptedException {
    AtomicInteger greedy = new AtomicInteger();
    CountDownLatch others = new CountDownLatch(100);
    CountDownLatch full = new CountDownLatch(1);

    deliverers.add(() -> {
      if (greedy.incrementAndGet() == 1000) {
        full.countDown();
      }
      return full.getCount() > 0;
    });
    IntStream.range(0, 100).forEach(i -> deliverers.add(() -> counted(others)));

    assertThat(others.await(50, TimeUnit.SECONDS)).isTrue();
    assertThat(full.await(50, TimeUnit.SECONDS)).isTrue();
    assertThat(greedy).hasValue(1000);
  }

  @Test
  void goes_on_beside_some_that_are_held_up_and_behind_any_that_fail() throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    for (int i = 0; i < 20; i++) {
      failing.add(() -> {
        try {
          over.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return false;
      });
    }
    for (int i = 0; i < MORE_THAN_THREADS; i++) {
      failing.add(() -> {
        throw new IllegalStateException("it fails on purpose");
      });
    }
    CountDownLatch last = new CountDownLatch(1);

    failing.add(() -> counted(last));

    assertThat(last.await(50, TimeUnit.SECONDS)).isTrue();
    over.countDown();
  }
}
