package io.anywire.cli.demo;

import io.anywire.cli.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Where the three processes of the demo listen, on the loopback address. */
record Ports(int broker, int users, int orders) {

  /**
   * Three ports in a row, found free; three free ones anywhere when {@code first} is 0.
   *
   * @param withBroker whether the first is needed
   * @throws CliException when one is in use
   */
  static Ports from(int first, boolean withBroker) {
    if (first == 0) {
      return anyFree();
    }
    if (first < 0 || first > 65533) {
      throw CliException.usage("--ports: " + first + " (expected: 0 to 65533)");
    }
    for (int port = withBroker ? first : first + 1; port <= first + 2; port++) {
      requireFree(port);
    }
    return new Ports(first, first + 1, first + 2);
  }

  private static void requireFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw CliException.cannotConnect(
          "port " + port + " is in use (expected: free; --ports 0 takes any free ones)", e);
    }
  }

  /** All three are held until all three are known, so that they differ. */
  private static Ports anyFree() {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        ServerSocket socket = new ServerSocket();
        held.add(socket);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      }
      return new Ports(
          held.get(0).getLocalPort(), held.get(1).getLocalPort(), held.get(2).getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException("no free ports", e);
    } finally {
      held.forEach(Ports::closeQuietly);
    }
  }

  private static void closeQuietly(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
