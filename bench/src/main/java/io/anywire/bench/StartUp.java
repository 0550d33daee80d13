package io.anywire.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.anywire.testing.FreePorts;
import io.anywire.testing.LocalProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The command behind {@code dev/bench start}: how long after its JVM was started the shop's user
 * service, with a database and a broker, has answered its first request.
 */
final class StartUp {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private StartUp() {}

  /** The number of starts of each kind is the argument, five without one. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int runs = args.length == 0 ? 5 : Integer.parseInt(args[0]);
    Map<String, List<String>> kinds = new LinkedHashMap<>();
    kinds.put("java", List.of());
    String classData = System.getProperty("anywire.bench.class-data", "");
    if (!classData.isEmpty()) {
      kinds.put(
          "as ./anywire demo does",
          List.of("-XX:SharedArchiveFile=" + classData, "-Dio.netty.jfr.enabled=false"));
    }
    String broker = "127.0.0.1:" + FreePorts.next();
    List<String> serve = List.of("io.anywire.cli.Main", "broker", "--listen", "http://" + broker);
    try (LocalProcess process = shop(List.of(), serve)) {
      process.awaitLine("broker ready", TIMEOUT);
      print(measure(kinds, runs, broker));
    }
    System.exit(0);
  }

  /** Milliseconds until {@code command} has answered a GET of {@code path}, from its start. */
  static long millis(ProcessBuilder command, int port, String path) throws InterruptedException {
    long start = System.nanoTime();
    try (LocalProcess process = LocalProcess.start("started", command)) {
      while (!answers(port, path)) {
        if (!process.isAlive() || System.nanoTime() - start > TIMEOUT.toNanos()) {
          throw new BenchException("no answer of " + path + ": " + process.output());
        }
        Thread.sleep(2);
      }
      return (System.nanoTime() - start) / 1_000_000;
    }
  }

  private static Map<String, List<Long>> measure(
      Map<String, List<String>> kinds, int runs, String broker)
      throws IOException, InterruptedException {
    Map<String, List<Long>> measured = new LinkedHashMap<>();
    Path data = Files.createTempDirectory("anywire-start-");
    for (int run = 0; run < runs; run++) {
      for (Map.Entry<String, List<String>> kind : kinds.entrySet()) {
        int port = FreePorts.next();
        String name = data.resolve(port + "").toString();
        List<String> users =
            List.of(
                "io.anywire.examples.shop.UsersMain",
                "--listen=http://127.0.0.1:" + port,
                "--broker=anywire://" + broker,
                "--db=" + name);
        long millis = millis(command(kind.getValue(), users), port, "/hello/World");
        measured.computeIfAbsent(kind.getKey(), k -> new ArrayList<>()).add(millis);
      }
    }
    return measured;
  }

  private static void print(Map<String, List<Long>> measured) {
    System.out.println("start of the shop's user service to its first answer, ms");
    measured.forEach((kind, runs) -> {
      List<Long> sorted = runs.stream().sorted().toList();
      System.out.printf(
          Locale.ROOT,
          "%-26s %6d (%d-%d)%n",
          kind,
          sorted.get(sorted.size() / 2),
          sorted.getFirst(),
          sorted.getLast());
    });
  }

  private static LocalProcess shop(List<String> options, List<String> main) {
    return LocalProcess.start(main.getFirst(), command(options, main));
  }

  private static ProcessBuilder command(List<String> options, List<String> main) {
    List<String> command = new ArrayList<>(List.of(JAVA));
    command.addAll(options);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("anywire.bench.shop", "")));
    command.addAll(main);
    return new ProcessBuilder(command);
  }

  private static boolean answers(int port, String path) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      if (!answer.startsWith("HTTP/1.1 200 ")) {
        throw new BenchException("answer of " + path + ": " + answer + " (expected: 200)");
      }
      return true;
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("no answer of " + path, e);
    }
  }
}
