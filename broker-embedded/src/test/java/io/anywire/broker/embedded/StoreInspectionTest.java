package io.anywire.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Publication;
import io.anywire.broker.Topic;
import io.anywire.broker.embedded.StoreStatistics.OfSubscription;
import io.anywire.broker.embedded.journal.StoreLock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoreInspectionTest {
  private static final Topic QUEUE = Topic.queue("queue");
  private static final Topic EVENTS = Topic.events("events");
  private static final int FIRST_BATCH = 4096;

  @TempDir Path folder;

  @Test
  void says_what_a_store_holds_and_changes_nothing() throws IOException {
    fill();
    Map<String, String> before = files();

    StoreReport report = StoreInspection.of(folder);
    assertThat(report.damages()).isEmpty();
    assertThat(report.isWhole()).isTrue();
    assertThat(report.end().orElseThrow().clean()).isTrue();
    assertThat(report.end().orElseThrow().torn()).isZero();
    StoreStatistics found = report.statistics();
    assertThat(found.topics()).hasSize(2);
    assertThat(found.topics().get(0).topic()).isEqualTo(EVENTS);
    assertThat(found.topics().get(0).subscriptions())
        .containsExactly(new OfSubscription("early", 1, 0, 0, 0));
    assertThat(found.topics().get(1).subscriptions())
        .containsExactly(new OfSubscription(Topic.WORKERS, 1, 2, 1, 0));
    assertThat(found.results()).isEqualTo(new StoreStatistics.Results(1, 0));
    assertThat(found.choices()).isEqualTo(1);
    assertThat(found.past().count()).isEqualTo(1);
    assertThat(found.past().oldest().orElseThrow()).isBefore(Instant.now());
    assertThat(found.checkpoint().orElseThrow().since()).isZero();
    assertThat(found.records())
        .containsOnlyKeys(
            "settings",
            "topic",
            "subscription",
            "message",
            "done",
            "dead",
            "retry",
            "result",
            "choice");
    assertThat(found.records().get("message").count()).isEqualTo(6);
    assertThat(found.segments().generations()).hasSize(1);
    assertThat(found.segments().pins())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "messages of queue/workers",
                3L,
                "dead letters of queue/workers",
                2L,
                "messages of events/early",
                1L,
                "past events",
                1L,
                "results",
                1L));
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void counts_what_is_deferred_and_what_can_be_used_again() throws IOException {
    try (Anywire anywire = anywire()) {
      Broker broker = anywire.broker("disk:" + folder + "?segment=256KiB&durability=page-cache");
      for (int i = 0; i < 40_000; i++) {
        var unused = broker.publish(QUEUE, message("" + i));
      }
      broker.publish(QUEUE, message("last")).toCompletableFuture().join();
      assertThat(broker.operations().purge(QUEUE, Topic.WORKERS)).isEqualTo(40_001);
      for (int i = 0; i < 40_000; i++) {
        var unused = broker.publish(QUEUE, message("" + i));
      }
      broker.publish(QUEUE, message("last")).toCompletableFuture().join();
    }
    StoreReport report = StoreInspection.of(folder);
    assertThat(report.damages()).isEmpty();
    OfSubscription workers = report.statistics().topics().getFirst().subscriptions().getFirst();
    assertThat(workers.ready() + workers.deferred()).isEqualTo(40_001);
    assertThat(workers.deferred()).isPositive();
    StoreStatistics.Segments segments = report.statistics().segments();
    assertThat(segments.reusable()).isPositive();
    assertThat(segments.used() + segments.free() + segments.reusable())
        .isEqualTo((long) segments.count() * segments.bytes());
  }

  @Test
  void finds_the_end_of_a_store_whose_process_was_killed() throws IOException {
    Path copy = killed();
    StoreReport report = StoreInspection.of(copy);
    assertThat(report.isWhole()).isTrue();
    assertThat(report.end().orElseThrow().clean()).isFalse();
    assertThat(report.end().orElseThrow().torn()).isZero();
    assertThat(report.statistics().checkpoint()).isEmpty();
  }

  @Test
  void takes_a_torn_tail_for_what_a_crash_leaves() throws IOException {
    Path copy = killed();
    long end = StoreInspection.of(copy).end().orElseThrow().offset();
    long last = lastBatch(copy, end);
    flip(copy.resolve("segment-1"), last + 40);

    StoreReport report = StoreInspection.of(copy);
    assertThat(report.isWhole()).isTrue();
    assertThat(report.end().orElseThrow().torn()).isEqualTo(end - last);
    assertThat(report.end().orElseThrow().offset()).isEqualTo(last);
  }

  @Test
  void names_file_and_offset_of_a_flipped_byte() throws IOException {
    Path copy = killed();
    flip(copy.resolve("segment-1"), FIRST_BATCH + 34);
    StoreReport report = StoreInspection.of(copy);
    assertThat(report.isWhole()).isFalse();
    assertThat(report.damages().getFirst().file()).isEqualTo("segment-1");
    assertThat(report.damages().getFirst().offset()).isEqualTo(FIRST_BATCH);
    assertThat(report.damages().getFirst().what()).contains("no whole batch");
  }

  @Test
  void finds_damage_before_the_checkpoint_and_what_is_missing_by_it() throws IOException {
    fill();
    flip(folder.resolve("segment-1"), lastBatch(folder, FIRST_BATCH + 8) + 34);
    StoreReport report = StoreInspection.of(folder);
    assertThat(report.end()).isPresent();
    assertThat(report.damages())
        .extracting(damage -> damage.file() + " " + damage.what())
        .contains("segment-1 the checksum of a batch does not fit");

    flip(folder.resolve("segment-1"), lastBatch(folder, FIRST_BATCH + 8) + 34);
    assertThat(StoreInspection.of(folder).isWhole()).isTrue();
    // The mark of the first segment: it waits to be used then, and nothing is where it should be.
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("segment-1").toFile(), "rw")) {
      file.write(new byte[4096]);
    }
    assertThat(StoreInspection.of(folder).damages())
        .extracting(StoreReport.Damage::what)
        .anyMatch(what -> what.contains("is not there"));
  }

  @Test
  void finds_every_file_that_is_cut_off_or_flipped() throws IOException {
    fill();
    for (String name : new String[] {"store", "checkpoint", "clean", "segment-1"}) {
      Path file = folder.resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
      assertThat(StoreInspection.of(folder).damages())
          .as(name)
          .first()
          .satisfies(damage -> assertThat(damage.file()).isEqualTo(name));
      assertThatThrownBy(() -> open().close()).as(name).hasMessageContaining(name + " is damaged");
      Files.write(file, bytes);
      flip(file, 9);
      assertThat(StoreInspection.of(folder).damages()).as(name).isNotEmpty();
      Files.write(file, bytes);
    }
    Files.delete(folder.resolve("store"));
    assertThat(StoreInspection.of(folder).damages())
        .containsExactly(new StoreReport.Damage("store", 0, "it is not there"));
  }

  @Test
  void refuses_a_store_that_is_open_and_what_is_none() throws IOException {
    try (Anywire anywire = anywire()) {
      Broker broker = anywire.broker("disk:" + folder);
      assertThatThrownBy(() -> StoreInspection.of(folder))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(", which is this one");
      broker.publish(QUEUE, message("still open")).toCompletableFuture().join();
      assertThatThrownBy(() -> StoreLock.take(folder)).isInstanceOf(IOException.class);
    }
    assertThat(StoreInspection.of(folder).isWhole()).isTrue();
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> StoreInspection.of(empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(empty + ": no store (expected: the folder of a broker disk:PATH)");
    assertThatThrownBy(() -> StoreInspection.of(empty.resolve("none")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(empty).isEmptyDirectory();
  }

  /** Some of everything, closed in good order. */
  private void fill() {
    try (Anywire anywire = anywire()) {
      fill(anywire.broker("disk:" + folder + "?segment=256KiB"));
    }
  }

  private static void fill(Broker broker) {
    broker.subscribe(EVENTS, "early", 1, delivery -> {}).close();
    broker.publish(EVENTS, message("event")).toCompletableFuture().join();
    Queue<Delivery> held = new ConcurrentLinkedQueue<>();
    var subscription = broker.subscribe(QUEUE, Topic.WORKERS, 10, held::add);
    for (String id : new String[] {"done", "dead", "again", "left"}) {
      broker.publish(QUEUE, message(id)).toCompletableFuture().join();
    }
    await().until(() -> held.size() == 4);
    settle(held, Outcome.DONE);
    settle(held, new Outcome.Reject(Status.newBuilder().setCode(3).setMessage("why").build()));
    settle(held, new Outcome.RetryAfter(Duration.ofHours(1)));
    subscription.close();
    broker
        .publish(new Publication(QUEUE, message("later"), Duration.ofHours(2)))
        .toCompletableFuture()
        .join();
    broker.results().put("id", message("result"), Duration.ofHours(1)).toCompletableFuture().join();
    broker.results().choose("id", 7, Duration.ofHours(1)).toCompletableFuture().join();
  }

  private static void settle(Queue<Delivery> held, Outcome outcome) {
    held.remove().settle(outcome).toCompletableFuture().join();
  }

  /** What a process that is killed leaves: a copy of what it had written. */
  private Path killed() throws IOException {
    Path copy = Files.createTempDirectory(folder, "copy");
    Path open = folder.resolve("open");
    try (Anywire anywire = anywire()) {
      fill(anywire.broker("disk:" + open + "?segment=256KiB"));
      try (Stream<Path> files = Files.list(open)) {
        for (Path file : files.filter(f -> !f.endsWith("lock")).toList()) {
          Files.copy(file, copy.resolve(file.getFileName()));
        }
      }
    }
    return copy;
  }

  /** Where the last batch before {@code end} begins. */
  private static long lastBatch(Path store, long end) throws IOException {
    byte[] bytes = Files.readAllBytes(store.resolve("segment-1"));
    long at = end - 8;
    while (bytes[(int) at] != 'A'
        || bytes[(int) at + 1] != 'W'
        || bytes[(int) at + 2] != 'B'
        || bytes[(int) at + 3] != 'T') {
      at -= 8;
    }
    return at;
  }

  private static void flip(Path file, long offset) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int before = bytes.read();
      bytes.seek(offset);
      bytes.write(before ^ 1);
    }
  }

  private Anywire open() {
    Anywire anywire = anywire();
    Broker unused = anywire.broker("disk:" + folder);
    return anywire;
  }

  /** Names, times and contents. */
  private Map<String, String> files() throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        all.put(
            file.getFileName().toString(),
            Files.getLastModifiedTime(file)
                + " "
                + ByteString.copyFrom(Files.readAllBytes(file)).hashCode());
      }
    }
    return all;
  }

  private static Message message(String id) {
    return Message.builder().attribute("id", id).build();
  }

  private static Anywire anywire() {
    return Anywire.builder().application("app").build();
  }
}
