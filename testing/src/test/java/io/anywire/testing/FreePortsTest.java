package io.anywire.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {
  @Test
  void hands_out_ports_that_differ_and_can_be_listened_on() throws Exception {
    int[] ports = IntStream.range(0, 200).map(i -> FreePorts.next()).toArray();

    assertThat(ports).doesNotHaveDuplicates();
    for (int port : ports) {
      try (var server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(server.getLocalPort()).isEqualTo(port);
      }
    }
  }

  @Test
  void jvms_that_run_at_once_take_ports_from_ranges_that_differ() {
    int ours = FreePorts.next();
    try (LocalProcess other = JavaProcess.of(PrintsPorts.class).start()) {
      assertThat(other.awaitExit(Duration.ofSeconds(60))).as(other.output()).isZero();
      assertThat(other.output().lines())
          .hasSize(20)
          .noneMatch(port -> Integer.parseInt(port) / 1_000 == ours / 1_000);
    }
  }

  static final class PrintsPorts {
    public static void main(String[] args) {
      IntStream.range(0, 20).forEach(i -> System.out.println(FreePorts.next()));
    }
  }
}
