package io.anywire.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An interrupt closes a file under whoever reads or writes it in that thread. Here everybody who
 * calls a store is interrupted all the time.
 */
@Timeout(60)
class InterruptedCallersTest {
  private static final Topic QUEUE = Topic.queue("queue");
  private static final Topic EVENTS = Topic.events("events");
  private static final int EACH = 500;
  private static final int ENDLESS = 1_000_000;

  private static final String URL = "?segment=512KiB&capacity=64&checkpoint=256KiB&history=1MiB";

  private static final com.google.rpc.Status WHY =
      com.google.rpc.Status.newBuilder().setCode(3).build();

  @TempDir Path folder;

  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final Set<String> settled = ConcurrentHashMap.newKeySet();
  private final Set<String> dead = ConcurrentHashMap.newKeySet();
  private final Set<String> settling = ConcurrentHashMap.newKeySet();
  private final Set<Thread> stopped = ConcurrentHashMap.newKeySet();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger interrupts = new AtomicInteger();
  private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();

  @Test
  void close_no_file_and_lose_nothing() throws Exception {
    try (Anywire anywire = Anywire.builder().application("app").build()) {
      Broker broker = broker(anywire);
      broker.subscribe(EVENTS, "early", 1, delivery -> {}).close();
      Subscription held = broker.subscribe(QUEUE, Topic.WORKERS, 200, deliveries::add);
      List<Thread> publishers = List.of(publisher(broker, "a"), publisher(broker, "b"));
      List<Thread> others =
          List.of(
              started("settles", () -> settle(deliveries.poll(1, TimeUnit.MILLISECONDS))),
              started("settles too", () -> settle(deliveries.poll(1, TimeUnit.MILLISECONDS))),
              started("looks", () -> look(broker)),
              started("subscribes", () -> subscribe(broker)));
      List<Thread> all = new ArrayList<>(publishers);
      all.addAll(others);
      interruptWhileAlive(publishers, all);
      for (Thread other : others) {
        stop(other);
      }
      held.close();
      assertThat(failures).isEmpty();
      assertThat(taken).hasSize(2 * EACH);
      assertThat(settled).hasSizeGreaterThan(100);
      assertThat(dead).hasSizeGreaterThan(10);
      assertThat(looks.get()).isGreaterThan(10);
      assertThat(interrupts.get()).isGreaterThan(500);
    }
    try (Anywire anywire = Anywire.builder().application("app").build()) {
      Broker broker = broker(anywire);
      Set<String> left = ids(broker, QUEUE, Topic.WORKERS);
      Set<String> certain = new HashSet<>(taken);
      certain.removeAll(settling);
      assertThat(left)
          .containsAll(certain)
          .doesNotContainAnyElementsOf(settled)
          .doesNotContainAnyElementsOf(dead);
      assertThat(broker.deadLetters(QUEUE, Topic.WORKERS).list(ENDLESS))
          .extracting(letter -> letter.message().id())
          .containsAll(dead);
      assertThat(ids(broker, EVENTS, "early")).isEqualTo(taken);
    }
  }

  private Broker broker(Anywire anywire) {
    return anywire.broker("disk:" + folder + URL);
  }

  private static Set<String> ids(Broker broker, Topic topic, String subscription) {
    Set<String> ids = new HashSet<>();
    broker
        .operations()
        .peek(topic, subscription, ENDLESS)
        .forEach(waiting -> ids.add(waiting.message().id()));
    return ids;
  }

  private interface Work {
    void run() throws Exception;
  }

  /** Does something over and over, whoever interrupts it. */
  private Thread started(String name, Work work) {
    return Thread.ofPlatform()
        .name(name)
        .start(() -> {
          while (!stopped.contains(Thread.currentThread()) && failures.isEmpty()) {
            attempt(work);
          }
        });
  }

  /** Interrupting it does not stop it. */
  private void stop(Thread thread) throws InterruptedException {
    stopped.add(thread);
    thread.join();
  }

  /** Only to be told that one was interrupted is no failure. */
  private void attempt(Work work) {
    try {
      work.run();
    } catch (InterruptedException e) {
      interrupts.incrementAndGet();
    } catch (Exception e) {
      if (Status.fromThrowable(e).getCode() != Code.CANCELLED) {
        failures.add(e);
      }
    }
    if (Thread.interrupted()) {
      interrupts.incrementAndGet();
    }
  }

  private Thread publisher(Broker broker, String name) {
    return Thread.ofPlatform()
        .name("publishes " + name)
        .start(() -> {
          for (int i = 0; i < EACH && failures.isEmpty(); i++) {
            String id = name + i;
            while (!taken.contains(id) && failures.isEmpty()) {
              attempt(() -> publish(broker, id));
            }
          }
        });
  }

  private void publish(Broker broker, String id) {
    Message message = message(id);
    broker.publish(EVENTS, message).toCompletableFuture().join();
    broker.publish(QUEUE, message).toCompletableFuture().join();
    taken.add(id);
  }

  private void settle(Delivery delivery) {
    if (delivery == null) {
      return;
    }
    String id = delivery.message().id();
    int kind = id.hashCode() & 7;
    if (kind == 0) {
      delivery.settle(new Outcome.RetryAfter(Duration.ofHours(1))).toCompletableFuture().join();
      return;
    }
    settling.add(id);
    delivery
        .settle(kind == 1 ? new Outcome.Reject(WHY) : Outcome.DONE)
        .toCompletableFuture()
        .join();
    (kind == 1 ? dead : settled).add(id);
  }

  private void look(Broker broker) {
    broker.operations().peek(EVENTS, "early", 2_000);
    broker.deadLetters(QUEUE, Topic.WORKERS).list(10);
    broker.operations().state(QUEUE, Topic.WORKERS);
    looks.incrementAndGet();
  }

  /** Reads past events from the disk. */
  private void subscribe(Broker broker) {
    var options = new SubscribeOptions(10, false, SubscribeOptions.BEGINNING);
    broker.subscribe(EVENTS, "late" + looks.get() % 5, options, delivery -> {}).close();
  }

  private static void interruptWhileAlive(List<Thread> alive, List<Thread> interrupted) {
    Random random = new Random(1);
    while (alive.stream().anyMatch(Thread::isAlive)) {
      interrupted.get(random.nextInt(interrupted.size())).interrupt();
      LockSupport.parkNanos(random.nextInt(200_000));
    }
  }

  private static Message message(String id) {
    return Message.builder()
        .attribute("id", id)
        .payload(ByteString.copyFrom(new byte[1_000]))
        .build();
  }
}
