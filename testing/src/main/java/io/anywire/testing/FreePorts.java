package io.anywire.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * TCP ports for servers that cannot be told to listen on port 0, or that have to come back on the
 * same port after a restart.
 *
 * <p>Ports are taken from below the range from which operating systems give outgoing connections
 * their local ports (32768 and above on Linux, 49152 and above elsewhere), so that a busy test
 * cannot take the port of a server that is just restarting. One JVM never hands out a port twice,
 * and JVMs that run side by side take theirs from ranges that differ. Thread-safe.
 */
public final class FreePorts {
  private static final int ATTEMPTS = 3 * PortRange.SIZE;
  private static final PortRange RANGE = PortRange.take();
  private static final Set<Integer> HANDED_OUT = ConcurrentHashMap.newKeySet();

  private FreePorts() {}

  /**
   * Returns a port on which nothing listens at the moment.
   *
   * @throws IllegalStateException if no free port is found
   */
  public static int next() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = RANGE.any();
      if (HANDED_OUT.add(port) && isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "free port: none in %d attempts (expected: one in %s)".formatted(ATTEMPTS, RANGE));
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
