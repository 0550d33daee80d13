package io.anywire.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.bench.messaging.BrokerQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures a real store on disk for a moment. */
class BrokerLoadTest {
  private static final Duration MOMENT = Duration.ofMillis(300);

  @TempDir private Path folder;

  @Test
  void passes_messages_through_a_store_and_removes_it() throws Exception {
    Subject disk = Subject.of("disk", BrokerQueue.class, "1", "1", "disk-page-cache");
    var load = new BrokerLoad(new Setting(100, 1_000, folder));
    try (load;
        var process = new SubjectProcess(disk, Optional.empty(), load.arguments(disk))) {
      LoadResult result = load.run(process.target(), MOMENT).requireAllGood();
      assertThat(result.requests()).isGreaterThan(100);

      var latencies = load.latencies(process.target(), MOMENT);
      assertThat(latencies.paced().p50()).isPositive();
      assertThat(latencies.acknowledged().p99()).isPositive();
      assertThat(latencies.alone()).isEqualTo(Latency.NONE);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void measures_each_payload_with_each_number_in_flight() {
    assertThat(Setting.each(List.of(100, 1024), List.of(20_000, 1_000), folder))
        .map(Setting::toString)
        .containsExactly("100B x20000", "100B x1000", "1024B x20000", "1024B x1000");
  }

  @Test
  void needs_room_on_the_disk() {
    assertThatThrownBy(() -> new ScratchFolder(folder, Long.MAX_VALUE))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("MiB free (expected: 8796093022207)");
  }
}
