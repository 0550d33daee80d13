package io.anywire.conformance.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cuts TCP connections of this machine: both ends get an error at once. */
final class Connections {
  private static final Logger log = LoggerFactory.getLogger(Connections.class);

  private Connections() {}

  /** Whether that works here: it takes root, iproute2, and a kernel with INET_DIAG_DESTROY. */
  static boolean canBeCut() {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket one = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket other = server.accept()) {
      other.getOutputStream().write('a');
      if (one.getInputStream().read() != 'a') {
        return false;
      }
      cut(server.getLocalPort());
      one.setSoTimeout(1_000);
      return one.getInputStream().read() < 0;
    } catch (SocketTimeoutException | UncheckedIOException e) {
      return false;
    } catch (IOException e) {
      return true; // Reset by the kernel.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Cuts all that are established from or to a port. */
  static void cut(int port) throws InterruptedException {
    String which = "( dport = :%1$d or sport = :%1$d )".formatted(port);
    try {
      Process ss =
          new ProcessBuilder("ss", "--no-header", "-tnK", "state", "established", which)
              .redirectErrorStream(true)
              .start();
      byte[] unused = ss.getInputStream().readAllBytes();
      int code = ss.waitFor();
      log.debug("ss ended with {}", code);
    } catch (IOException e) {
      throw new UncheckedIOException("ss cannot be run; it is in the package iproute2", e);
    }
  }
}
