package io.anywire.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Topic;
import io.anywire.testing.FaultyCalls;
import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import io.anywire.testing.SmallDisk;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker under load to which the operating system says that the disk has failed, or is full. */
@Timeout(60)
class DiskUnderFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  static final String SMALL = "?segment=256KiB&capacity=64&history=0&checkpoint=256KiB";
  private static final String POISONED = "The store is poisoned";
  private static final int ENDLESS = 1_000_000;

  @TempDir Path temporary;
  private Path store;
  private Path report;

  @BeforeEach
  void name() throws IOException {
    store = temporary.toRealPath().resolve("store");
    report = temporary.resolve("report");
  }

  /** The second fails once and lets everything after it succeed, as Linux does. */
  @ParameterizedTest
  @ValueSource(strings = {"150+", "150"})
  void what_could_not_be_forced_is_never_acknowledged(String which) throws IOException {
    String fault = "fdatasync,fsync:error=EIO:when=" + which;
    assertPoisoned(run(fault, List.of(), "", ENDLESS));
  }

  @Test
  void a_force_that_fails_later_poisons_a_store_that_acknowledged_before() throws IOException {
    String fault = "fdatasync:error=EIO:when=3";
    assertPoisoned(run(fault, segments(1, 30, ""), "&durability=page-cache", ENDLESS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ENOSPC:when=150+", "EIO:when=150"})
  void what_could_not_be_written_is_never_acknowledged(String error) throws IOException {
    assertPoisoned(run("pwrite64:error=" + error, segments(1, 30, ""), "", ENDLESS));
  }

  @Test
  void waits_for_room_for_another_segment_and_goes_on() throws IOException {
    String fault = "pwrite64:error=ENOSPC:when=1+";
    String output = run(fault, segments(3, 8, ".new"), "", 300);
    assertThat(output).contains("No room for a segment").doesNotContain(POISONED);
    Told told = Told.read(report);
    assertThat(told.ids("refused")).isNotEmpty();
    assertThat(told.ids("published", Code.OK)).hasSize(4 * 300);
    assertThat(told.codes("settled")).containsOnly(Code.OK);
    assertThat(told.codes("retried")).containsOnly(Code.OK);
    assertKept(told);
  }

  @Test
  void a_disk_that_is_really_full_refuses_messages_and_loses_none() throws IOException {
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    try (LocalProcess process =
        JavaProcess.of(FullDiskProcess.class)
            .under(SmallDisk.mount(disk, 5))
            .arguments(disk.toString(), report.toString())
            .start()) {
      process.awaitLine(LoadProcess.WRITTEN, PATIENCE);
      assertThat(process.output())
          .contains("No space left on device")
          .contains("Not closed in good order")
          .doesNotContain(POISONED);
    }
    Told told = Told.read(report);
    assertThat(told.codes("published")).containsOnly(Code.OK, Code.RESOURCE_EXHAUSTED);
    assertThat(told.ids("room made by others", Code.OK)).hasSize(1);
    assertThat(told.ids("room made by workers", Code.OK)).hasSize(1);
    assertThat(told.codes("settled")).containsOnly(Code.OK);
    Set<String> left = told.ids("published", Code.OK);
    assertThat(left).hasSizeGreaterThan(1_000);
    left.removeAll(told.ids("settling"));
    assertThat(told.codes("open while full")).containsOnly(Code.RESOURCE_EXHAUSTED);
    assertThat(told.ids("open again", Code.OK)).hasSize(1);
    left.removeAll(told.ids("open again"));
    assertThat(told.ids("found while full")).isEqualTo(left);
    assertThat(told.ids("found")).isEqualTo(left);
  }

  private void assertPoisoned(String output) throws IOException {
    assertThat(output).containsOnlyOnce(POISONED).contains("store=\"" + store);
    Told told = Told.read(report);
    assertThat(told.codes("published")).containsOnly(Code.OK, Code.UNAVAILABLE);
    assertThat(told.codes("late")).containsOnly(Code.UNAVAILABLE);
    assertThat(told.codes("settled")).isSubsetOf(Code.OK, Code.UNAVAILABLE).contains(Code.OK);
    assertThat(told.codes("retried")).isSubsetOf(Code.OK, Code.UNAVAILABLE).contains(Code.OK);
    assertKept(told);
  }

  /** Opens the store where nothing fails, and looks for what was acknowledged. */
  private void assertKept(Told told) {
    Set<String> acknowledged = told.ids("published", Code.OK);
    assertThat(acknowledged).hasSizeGreaterThan(20);
    acknowledged.removeAll(told.ids("settling"));
    Set<String> asked = told.ids("published");
    asked.addAll(told.ids("late"));
    assertThat(found())
        .as("what was acknowledged")
        .containsAll(acknowledged)
        .as("what was settled")
        .doesNotContainAnyElementsOf(told.ids("settled", Code.OK))
        .as("what nobody published")
        .isSubsetOf(asked);
  }

  /** What the store has, which is well again: it takes a message, and gives it back. */
  private List<String> found() {
    try (Anywire anywire = Anywire.builder().application("after").build()) {
      Broker broker = anywire.broker("disk:" + store + SMALL);
      List<String> found =
          broker.operations().peek(LoadProcess.QUEUE, Topic.WORKERS, ENDLESS).stream()
              .map(waiting -> waiting.message().id())
              .toList();
      broker.publish(LoadProcess.QUEUE, LoadProcess.message("more")).toCompletableFuture().join();
      return found;
    }
  }

  /** Runs the load until something fails; returns what the process said. */
  private String run(String fault, List<Path> files, String parameters, int count) {
    try (LocalProcess process =
        JavaProcess.of(LoadProcess.class)
            .under(FaultyCalls.inject(fault, files))
            .arguments("disk:" + store + SMALL + parameters, report.toString())
            .arguments(Integer.toString(count), Boolean.toString(count < ENDLESS))
            .start()) {
      process.awaitLine(LoadProcess.WRITTEN, PATIENCE);
      assertThat(process.awaitExit(PATIENCE)).isZero();
      return process.output();
    }
  }

  /** The files of segments, as long as they have that in their names. */
  private List<Path> segments(int from, int to, String more) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(i -> store.resolve("segment-" + i + more))
        .toList();
  }
}
