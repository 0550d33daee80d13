package io.anywire.http.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.http.netty.HttpLimits;
import io.anywire.http.netty.HttpServer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server does with too many connections, which concerns more than one of them. */
class ConnectionLimitsTest {
  private static final int LIMIT = 10;
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  @ParameterizedTest
  @ValueSource(strings = {"connections", "connections-per-address"})
  void connections_beyond_the_limit_are_closed_at_once(String parameter) throws Exception {
    List<RawHttp1> open = new ArrayList<>();
    try (HttpServer server = serve(parameter + "=" + LIMIT)) {
      int port = server.address().getPort();
      for (int i = 0; i < LIMIT; i++) {
        open.add(served(port));
      }
      for (int i = 0; i < 100; i++) {
        try (RawHttp1 refused = new RawHttp1(port)) {
          assertThat(refused.outcome()).isEqualTo("closed");
        }
      }
      for (RawHttp1 client : open) {
        client.send(GET).skip("/ of a");
      }
      open.remove(0).close();
      await().ignoreExceptions().untilAsserted(() -> open.add(served(port)));
      assertThat(open).hasSize(LIMIT);
    } finally {
      for (RawHttp1 client : open) {
        client.close();
      }
    }
  }

  @Test
  void a_connection_on_which_nothing_moves_is_closed() throws Exception {
    try (HttpServer server = serve("idle=100ms");
        RawHttp1 silent = new RawHttp1(server.address().getPort());
        RawHttp1 kept = served(server.address().getPort());
        RawHttp2 http2 = RawHttp2.open(server.address().getPort())) {
      assertThat(http2.flush()).isTrue();
      assertThat(silent.outcome()).isEqualTo("closed");
      assertThat(kept.outcome()).isEqualTo("closed");
      assertThat(http2.outcome()).isEqualTo("GOAWAY NO_ERROR");
    }
  }

  private static HttpServer serve(String limits) {
    return HttpServer.start(
        new InetSocketAddress("127.0.0.1", 0), HttpLimits.of(limits), new Victim());
  }

  private static RawHttp1 served(int port) throws Exception {
    RawHttp1 client = new RawHttp1(port);
    client.send(GET).skip("/ of a");
    return client;
  }
}
