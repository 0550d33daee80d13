package io.anywire.cli.operate;

import static io.anywire.cli.Ran.anywire;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import io.anywire.broker.Publication;
import io.anywire.broker.Topic;
import io.anywire.cli.ExitCode;
import io.anywire.cli.Main;
import io.anywire.cli.Ran;
import io.anywire.testing.JavaProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code store verify} and {@code store stats}, as a person and a program see them. */
@Timeout(60)
class StoreTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Topic QUEUE = Topic.queue("orders");

  @TempDir Path folder;

  @Test
  void says_that_a_store_is_whole_and_what_it_holds() {
    fill();
    Ran verified = anywire("store", "verify", folder.toString());
    assertThat(verified.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(verified.out())
        .contains("closed   in good order\n")
        .endsWith("whole    " + folder + "\n");
    Map<String, Object> report = json("verify", ExitCode.OK);
    assertThat(report)
        .containsEntry("whole", true)
        .containsEntry("clean", true)
        .containsEntry("torn", 0L)
        .containsEntry("damages", List.of());

    Map<String, Object> stats = json("stats", ExitCode.OK);
    assertThat(stats.get("topics"))
        .isEqualTo(
            List.of(
                Map.of(
                    "topic",
                    "orders",
                    "kind",
                    "queue",
                    "subscriptions",
                    List.of(
                        Map.of(
                            "subscription",
                            "workers",
                            "ready",
                            2L,
                            "delayed",
                            1L,
                            "dead",
                            0L,
                            "deferred",
                            0L)))));
    assertThat(anywire("store", "stats", "disk:" + folder).out())
        .containsPattern("pinned by +3 messages of orders/workers\n")
        .containsPattern("orders +queue +workers +2 +1 +0 +0\n");
  }

  @Test
  void names_what_is_damaged_and_says_so_by_the_exit_code() throws IOException {
    fill();
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("segment-1").toFile(), "rw")) {
      file.seek(4096 + 33);
      file.write(0x55);
    }
    Ran verified = anywire("store", "verify", folder.toString());
    assertThat(verified.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(verified.out())
        .contains("damaged  segment-1 at offset 4096: the checksum of a batch does not fit\n")
        .endsWith("corrupt  " + folder + "\n");
    assertThat(verified.err()).startsWith("anywire: " + folder + " is corrupt, in ");
    assertThat(json("verify", ExitCode.FAILED)).containsEntry("whole", false);
    assertThat(anywire("store", "stats", folder.toString()).exitCode()).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void refuses_a_store_that_another_process_has_open() {
    try (var process =
        JavaProcess.of(Main.class)
            .arguments("broker", "--listen", "http://127.0.0.1:0", "--store", "disk:" + folder)
            .start()) {
      process.awaitLine(Pattern.compile("^broker ready at .*"), LONG);
      for (String command : List.of("verify", "stats")) {
        Ran refused = anywire("store", command, folder.toString());
        assertThat(refused.exitCode()).isEqualTo(ExitCode.CANNOT_CONNECT);
        assertThat(refused.err())
            .contains(folder + "/lock is locked by process " + process.pid())
            .hasLineCount(1);
      }
    }
  }

  @Test
  void refuses_what_is_no_store() {
    Ran refused = anywire("store", "verify", folder.toString());
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err())
        .isEqualTo(
            "anywire: " + folder + ": no store (expected: the folder of a broker disk:PATH)\n");
    assertThat(folder).isEmptyDirectory();
    assertThat(Files.exists(folder.resolve("lock"))).isFalse();
  }

  private Map<String, Object> json(String command, int exitCode) {
    Ran ran = anywire("store", command, folder.toString(), "--json");
    assertThat(ran.exitCode()).isEqualTo(exitCode);
    return Json.lines(ran.out()).getFirst();
  }

  private void fill() {
    try (Anywire anywire = Anywire.builder().application("tests").build()) {
      Broker broker = anywire.broker("disk:" + folder);
      for (Duration delay : List.of(Duration.ZERO, Duration.ZERO, Duration.ofHours(1))) {
        broker
            .publish(new Publication(QUEUE, Message.builder().build(), delay))
            .toCompletableFuture()
            .join();
      }
    }
  }
}
