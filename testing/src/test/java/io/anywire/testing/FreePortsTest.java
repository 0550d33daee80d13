package io.anywire.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
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
}
