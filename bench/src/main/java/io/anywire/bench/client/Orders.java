package io.anywire.bench.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/**
 * How a process that loads itself is told to: it listens on a port, takes lines {@code run
 * MILLISECONDS}, {@code paced MILLISECONDS PER_SECOND}, {@code receipts MILLISECONDS PER_SECOND}
 * and {@code alone MILLISECONDS}, and answers each, when that is over, with a line as {@link
 * CallResult}, {@link LatencyResult} or {@link Receipts} writes it. One connection at a time.
 */
public final class Orders {
  private Orders() {}

  /** Makes calls, until the process is killed; as {@link #take(int, Runner)}. */
  public static void take(int port, Caller caller) throws IOException, InterruptedException {
    take(port, new CallRunner(caller));
  }

  /**
   * Serves until the process is killed.
   *
   * @param port on the loopback address
   */
  public static void take(int port, Runner runner) throws IOException, InterruptedException {
    try (var server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      while (true) {
        try (Socket connection = server.accept()) {
          answer(connection, runner);
        }
      }
    }
  }

  private static void answer(Socket connection, Runner runner)
      throws IOException, InterruptedException {
    var lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      connection.getOutputStream().write((answer(line, runner) + "\n").getBytes(US_ASCII));
    }
  }

  private static String answer(String order, Runner runner) throws InterruptedException {
    String[] words = order.split(" ");
    var length = Duration.ofMillis(Long.parseLong(words[1]));
    return switch (words[0]) {
      case "run" -> runner.run(length).line();
      case "paced" -> runner.paced(length, Integer.parseInt(words[2])).line();
      case "receipts" -> runner.receipts(length, Integer.parseInt(words[2])).line();
      case "alone" -> runner.alone(length).line();
      default ->
          throw new IllegalArgumentException(
              "order: " + order + " (expected: run, paced, receipts or alone)");
    };
  }
}
