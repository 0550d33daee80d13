package io.anywire.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Publication;
import io.anywire.broker.Stored;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Topic;
import io.anywire.broker.embedded.journal.DiskFolder;
import io.anywire.broker.embedded.journal.Durability;
import io.anywire.broker.embedded.journal.JournalSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One subscription, everything in the thread of the test. */
@Timeout(60)
class DiskFeedTest {
  private static final Topic QUEUE = Topic.queue("queue");

  @TempDir Path folder;
  private InlineThreads threads = new InlineThreads();

  @Test
  void keeps_the_order_of_a_key_when_a_delay_is_over_by_the_time_it_is_committed()
      throws Exception {
    try (DiskStore store = open(8)) {
      threads.asOneBatch(() -> {
        publish(store, "first", "key", Duration.ZERO);
        publish(store, "second", "key", Duration.ofMillis(1));
        pause();
      });

      assertThat(next(store)).containsExactly("first");
    }
  }

  @Test
  void keeps_the_order_of_a_key_when_a_delay_is_over_by_the_time_it_is_opened() throws Exception {
    try (DiskStore store = open(8)) {
      publish(store, "first", "key", Duration.ZERO);
      publish(store, "second", "key", Duration.ofMillis(1));
    }
    pause();
    try (DiskStore store = open(8)) {
      assertThat(next(store)).containsExactly("first");
    }
  }

  @Test
  void goes_on_behind_messages_that_wait_for_a_key_that_a_dead_letter_holds() throws Exception {
    try (DiskStore store = open(2)) {
      publish(store, "dead", "key", Duration.ZERO);
      Feed feed = feed(store);
      Entry dead = feed.backlog().poll(new Taking(1)).getFirst();
      Status why = Status.newBuilder().setCode(3).build();
      var unused = feed.settle(dead, new Outcome.Reject(why, true));
      threads.asOneBatch(() -> {
        for (int i = 0; i < 20; i++) {
          publish(store, "behind " + i, "key", Duration.ZERO);
        }
        publish(store, "other", "another key", Duration.ZERO);
      });

      assertThat(next(store)).containsExactly("other");
    }
  }

  @Test
  void has_no_more_in_memory_of_large_messages_that_another_broker_had() throws Exception {
    try (DiskStore store = open(100, 4 << 20)) {
      Message large = Message.of(ByteString.copyFrom(new byte[1 << 20]));
      for (int i = 0; i < 60; i++) {
        var unused =
            store.put(
                QUEUE, Topic.WORKERS, new Stored(large, 0, Optional.empty(), Optional.empty()));
      }

      assertThat(feed(store).backlog().poll(new Taking(100))).hasSizeBetween(20, 40);
    }
  }

  @Test
  void settles_more_at_once_than_one_record_can_tell() throws Exception {
    int count = 6_000; // Every second of them takes more than there is room for in a segment.
    try (DiskStore store = open(count, JournalSettings.LEAST_SEGMENT)) {
      for (int i = 0; i < count; i++) {
        publish(store, "message " + i, "key " + i, Duration.ZERO);
      }
      Feed feed = feed(store);
      List<Entry> held = new ArrayList<>();
      for (List<Entry> some = poll(feed); !some.isEmpty(); some = poll(feed)) {
        held.addAll(some);
      }
      assertThat(held).hasSize(count);
      List<CompletableFuture<Void>> settled = new ArrayList<>();
      for (int from = 0; from < 2; from++) {
        int first = from;
        threads.asOneBatch(() -> {
          for (int i = first; i < count; i += 2) {
            settled.add(feed.settle(held.get(i), Outcome.DONE).toCompletableFuture());
          }
        });
      }

      assertThat(settled).allSatisfy(one -> assertThat(one).isCompleted());
    }
    try (DiskStore store = open(count, JournalSettings.LEAST_SEGMENT)) {
      assertThat(next(store)).isEmpty();
    }
  }

  /** {@code window} is how many messages are in memory; half of it is read back at a time. */
  private DiskStore open(int window) throws IOException {
    return open(window, 256 << 10);
  }

  private DiskStore open(int window, int segment) throws IOException {
    threads = new InlineThreads();
    JournalSettings journal = new JournalSettings(Durability.MEMORY, segment, 1_000);
    return new DiskStore(
        new DiskFolder(folder), new DiskSettings(journal, 0, 0, window, 1 << 20), threads);
  }

  private static Feed feed(DiskStore store) {
    return store.subscribed(QUEUE, Topic.WORKERS, SubscribeOptions.NOW);
  }

  private static List<Entry> poll(Feed feed) {
    return feed.backlog().poll(new Taking(10));
  }

  private static List<String> next(DiskStore store) {
    return poll(feed(store)).stream().map(entry -> entry.message().id()).toList();
  }

  private static void publish(DiskStore store, String id, String key, Duration delay) {
    Message message = Message.builder().attribute("id", id).attribute(Message.KEY, key).build();
    var unused = store.publish(new Publication(QUEUE, message, delay));
  }

  /** Until what is delayed by a millisecond is due. */
  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
