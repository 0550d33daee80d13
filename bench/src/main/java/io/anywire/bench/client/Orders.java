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
 * How a client process is told to call: it listens on a port, takes lines {@code run MILLISECONDS},
 * and answers each, when the run is over, with a line as {@link CallResult} writes it. One
 * connection at a time.
 */
public final class Orders {
  private static final String RUN = "run ";

  private Orders() {}

  /**
   * Serves until the process is killed.
   *
   * @param port on the loopback address
   */
  public static void take(int port, Caller caller) throws IOException, InterruptedException {
    try (var server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      while (true) {
        try (Socket connection = server.accept()) {
          answer(connection, caller);
        }
      }
    }
  }

  private static void answer(Socket connection, Caller caller)
      throws IOException, InterruptedException {
    var lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!line.startsWith(RUN)) {
        throw new IllegalArgumentException("order: " + line + " (expected: run MILLISECONDS)");
      }
      var length = Duration.ofMillis(Long.parseLong(line.substring(RUN.length())));
      CallResult result = Callers.run(caller, length);
      connection.getOutputStream().write((result.line() + "\n").getBytes(US_ASCII));
    }
  }
}
