package io.anywire.http.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anywire.http.netty.HttpLimits;
import io.anywire.http.netty.HttpServer;
import io.anywire.http.tls.ServerFiles;
import io.anywire.http.tls.ServerTls;
import io.anywire.testing.Certificates;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server does with too many connections, which concerns more than one of them. */
class ConnectionLimitsTest {
  @TempDir static Path folder;
  private static final int LIMIT = 10;
  private static final byte[] ASKED = Fields.request("GET", "/").frame();
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

  @ParameterizedTest
  @ValueSource(strings = {"connections", "connections-per-address"})
  void connections_of_http3_beyond_the_limit_are_refused(String parameter) throws Exception {
    List<RawHttp3> open = new ArrayList<>();
    try (HttpServer server = serveTls(parameter + "=" + LIMIT)) {
      Door door = new Door(server.address().getPort(), true);
      for (int i = 0; i < LIMIT; i++) {
        open.add(servedOverHttp3(door));
      }
      for (int i = 0; i < LIMIT; i++) {
        assertThatThrownBy(() -> servedOverHttp3(door)).hasMessageContaining("closed, 0x2");
      }
      for (RawHttp3 client : open) {
        assertThat(client.request(ASKED).outcome()).isEqualTo("200");
      }
      open.remove(0).close();
      await().ignoreExceptions().untilAsserted(() -> open.add(servedOverHttp3(door)));
    } finally {
      open.forEach(RawHttp3::close);
    }
  }

  @Test
  void connections_over_udp_that_finish_no_handshake_are_let_go() throws Exception {
    try (HttpServer server = serveTls("connections=" + LIMIT + "&header-time=400ms")) {
      Door door = new Door(server.address().getPort(), true);
      try (RawQuic client = new RawQuic(door)) {
        byte[] token = client.token();
        for (int i = 0; i < LIMIT; i++) {
          client.send(
              RawQuic.packet(
                  RawQuic.INITIAL, RawQuic.VERSION_1, RawQuic.noise(20), token, RawQuic.WHOLE));
        }
        assertThat(client.outcome()).isEqualTo("no answer");
        await().ignoreExceptions().untilAsserted(() -> servedOverHttp3(door).close());
      }
    }
  }

  private static HttpServer serve(String limits) {
    return HttpServer.start(
        new InetSocketAddress("127.0.0.1", 0), HttpLimits.of(limits), new Victim());
  }

  private static HttpServer serveTls(String limits) {
    Certificates.Issued identity = Certificates.in(folder).issue("server");
    return HttpServer.start(
        new InetSocketAddress("127.0.0.1", 0),
        HttpLimits.of(limits),
        Optional.of(
            ServerTls.open(
                new ServerFiles(identity.certificate(), identity.key(), Optional.empty(), true))),
        new Victim());
  }

  private static RawHttp3 servedOverHttp3(Door door) throws Exception {
    RawHttp3 client = RawHttp3.open(door);
    assertThat(client.request(ASKED).outcome()).isEqualTo("200");
    return client;
  }

  private static RawHttp1 served(int port) throws Exception {
    RawHttp1 client = new RawHttp1(port);
    client.send(GET).skip("/ of a");
    return client;
  }
}
