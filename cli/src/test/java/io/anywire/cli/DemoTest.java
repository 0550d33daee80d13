package io.anywire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.testing.LocalProcess;
import io.anywire.testing.RabbitMq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo, started by the launcher as a person would. */
class DemoTest {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final Path LAUNCHER = Path.of("..", "anywire").toAbsolutePath().normalize();

  @Test
  void runs_once_over_every_wire_and_every_check_holds() {
    try (LocalProcess demo = launch("demo", "--once", "--ports", "0")) {
      List<ProcessHandle> services = services(demo, 3);
      int exitCode = demo.awaitExit(LONG);

      assertThat(exitCode).as(demo.output()).isEqualTo(ExitCode.OK);
      for (String service : List.of("users", "orders")) {
        for (String wire : List.of("rest", "grpc", "queue", "task", "event")) {
          assertThat(demo.output()).containsPattern(service + " +" + wire + " +\\w+ +20 +0 ");
        }
      }
      assertThat(demo.output()).containsPattern("[0-9]+ checks, 0 failed").doesNotContain("FAILED");
      awaitEnd(services);
    }
  }

  @Test
  void runs_once_with_a_broker_that_is_there_already() {
    try (LocalProcess demo =
        launch("demo", "--once", "--ports", "0", "--broker", RabbitMq.shared().url())) {
      List<ProcessHandle> services = services(demo, 2);
      assertThat(demo.awaitExit(LONG)).as(demo.output()).isEqualTo(ExitCode.OK);
      awaitEnd(services);
    }
  }

  @Test
  void stops_all_its_processes_when_it_is_asked_to_stop() {
    try (LocalProcess demo = launch("demo", "--ports", "0")) {
      demo.awaitLine(Pattern.compile("users +rest +CreateUser"), LONG);
      List<ProcessHandle> services = services(demo, 3);

      assertThat(demo.terminate(Duration.ofSeconds(60))).isEqualTo(ExitCode.OK);

      assertThat(services).noneMatch(ProcessHandle::isAlive);
    }
  }

  @Test
  void leaves_no_process_behind_when_it_is_killed() {
    try (LocalProcess demo = launch("demo", "--ports", "0")) {
      demo.awaitLine("The shop runs", LONG);
      List<ProcessHandle> services = services(demo, 3);
      demo.kill();
      awaitEnd(services);
    }
  }

  @Test
  void says_which_process_did_not_start_and_stops_the_others() {
    try (LocalProcess demo = launch("demo", "--ports", "0", "--broker", "anywire://127.0.0.1:1")) {
      List<ProcessHandle> services = services(demo, 2);
      assertThat(demo.awaitExit(LONG)).isEqualTo(ExitCode.CANNOT_CONNECT);
      assertThat(demo.output()).containsPattern("anywire: (users|orders): ended with exit code 1");
      awaitEnd(services);
    }
  }

  @Test
  void the_launcher_works_from_any_folder_and_through_a_link(@TempDir Path folder)
      throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("aw"), LAUNCHER);
    ProcessBuilder command = new ProcessBuilder(link.toString(), "--version");
    try (LocalProcess version = LocalProcess.start("anywire", command.directory(folder.toFile()))) {
      assertThat(version.awaitExit(LONG)).as(version.output()).isEqualTo(ExitCode.OK);
      assertThat(version.output()).startsWith("anywire ");
    }
  }

  private static LocalProcess launch(String... args) {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(args));
    return LocalProcess.start("anywire " + args[0], new ProcessBuilder(command));
  }

  /** The services that a demo has started, once all are there. */
  private static List<ProcessHandle> services(LocalProcess demo, int count) {
    return await()
        .atMost(LONG)
        .until(
            () -> ProcessHandle.of(demo.pid()).stream().flatMap(ProcessHandle::children).toList(),
            children -> children.size() == count);
  }

  private static void awaitEnd(List<ProcessHandle> services) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> services.stream().noneMatch(ProcessHandle::isAlive));
  }
}
