package io.anywire.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class JavaProcessTest {
  private static final Duration ENOUGH = Duration.ofSeconds(60);

  @Test
  void runs_a_main_class_with_the_class_path_of_the_test_in_another_process() {
    try (LocalProcess process =
        JavaProcess.of(Greeter.class)
            .arguments("to", "you")
            .jvmOptions("-Dgreeting=hello")
            .environment("GREETING_END", "!")
            .start()) {
      long pid = Long.parseLong(process.awaitLine(Pattern.compile("pid=(\\d+)"), ENOUGH).group(1));

      assertThat(pid).isEqualTo(process.pid()).isNotEqualTo(ProcessHandle.current().pid());
      assertThat(process.awaitExit(ENOUGH)).isEqualTo(7);
      process.awaitLine("hello to you !", ENOUGH);
    }
  }

  @Test
  void says_what_the_process_wrote_when_it_ends_too_early() {
    try (LocalProcess process = JavaProcess.of(Greeter.class).start()) {
      assertThatThrownBy(() -> process.awaitLine("ready", ENOUGH))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("no line with")
          .hasMessageContaining("pid=" + process.pid());
      assertThatThrownBy(() -> process.awaitPort(FreePorts.next(), ENOUGH))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("exited with 7");
    }
  }

  @Test
  void freezes_thaws_and_kills_a_server() throws Exception {
    int port = FreePorts.next();
    try (LocalProcess process =
        JavaProcess.of(Echo.class).arguments(Integer.toString(port)).start()) {
      process.awaitPort(port, ENOUGH);
      assertThat(ask(port, 10_000)).isEqualTo("ping");

      process.freeze();
      assertThatThrownBy(() -> ask(port, 300)).isInstanceOf(SocketTimeoutException.class);
      process.thaw();
      assertThat(ask(port, 10_000)).isEqualTo("ping");

      process.kill();
      assertThat(process.isAlive()).isFalse();
      assertThat(process.awaitExit(Duration.ZERO)).isEqualTo(128 + 9);
      assertThatThrownBy(() -> ask(port, 1_000)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void terminates_a_process_that_stops_when_asked() {
    int port = FreePorts.next();
    try (LocalProcess process =
        JavaProcess.of(Echo.class).arguments(Integer.toString(port)).start()) {
      process.awaitPort(port, ENOUGH);

      assertThat(process.terminate(ENOUGH)).isEqualTo(128 + 15);
      process.awaitLine("stopping", ENOUGH);
    }
  }

  @Test
  void kills_what_a_test_jvm_left_running_when_it_exits() {
    try (LocalProcess careless = JavaProcess.of(Careless.class).start()) {
      long child =
          Long.parseLong(careless.awaitLine(Pattern.compile("child=(\\d+)"), ENOUGH).group(1));

      assertThat(careless.awaitExit(ENOUGH)).isZero();
      await().until(() -> ProcessHandle.of(child).isEmpty());
    }
  }

  private static String ask(int port, int timeoutMillis) throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(timeoutMillis);
      socket.getOutputStream().write("ping\n".getBytes(StandardCharsets.UTF_8));
      return new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
    }
  }

  static final class Greeter {
    public static void main(String[] args) {
      System.err.println("pid=" + ProcessHandle.current().pid());
      System.out.printf(
          "%s %s %s%n",
          System.getProperty("greeting"), String.join(" ", args), System.getenv("GREETING_END"));
      System.exit(7);
    }
  }

  static final class Echo {
    public static void main(String[] args) throws Exception {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("stopping")));
      try (var server =
          new ServerSocket(Integer.parseInt(args[0]), 10, InetAddress.getLoopbackAddress())) {
        while (true) {
          try (Socket socket = server.accept()) {
            socket.getInputStream().transferTo(socket.getOutputStream());
          } catch (IOException e) {
            System.out.println("client gone: " + e.getMessage());
          }
        }
      }
    }
  }

  static final class Careless {
    public static void main(String[] args) {
      var child = LocalProcess.start("sleep", new ProcessBuilder("sleep", "600"));
      System.out.println("child=" + child.pid());
    }
  }
}
