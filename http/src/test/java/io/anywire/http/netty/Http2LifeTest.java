package io.anywire.http.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.http.FrameClient;
import io.anywire.http.FrameClient.Frame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long connections live, and by whose will they end. */
class Http2LifeTest {
  private final EchoHandler handler = new EchoHandler();
  private HttpServer server;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_silent_client_is_asked_and_kept_when_it_answers() throws Exception {
    try (FrameClient client = client("keep-alive=100ms&keep-alive-time=20s")) {
      for (int i = 0; i < 3; i++) {
        Frame ping = client.await(f -> f.type() == FrameClient.PING && f.flags() == 0);
        client.send(FrameClient.PING, FrameClient.ACK, 0, ping.payload());
      }
      get(client, 1, "/x");
      assertThat(client.awaitEnd(1).type()).isEqualTo(FrameClient.DATA);
    }
  }

  @Test
  void a_silent_client_that_does_not_answer_is_given_up() throws Exception {
    try (FrameClient client = client("keep-alive=100ms&keep-alive-time=100ms")) {
      get(client, 1, "/wait");
      await().until(() -> server.inFlight() == 1);
      assertThat(client.isClosed()).isTrue();
      await().until(() -> handler.cancelled.get() == 1 && server.inFlight() == 0);
    }
  }

  @Test
  void too_many_pings_end_the_connection_also_without_calls() throws Exception {
    try (FrameClient client = client("least-ping-interval=1h")) {
      client.ping().ping().ping().ping();
      Frame goAway = client.await(FrameClient.GOAWAY);
      assertThat(goAway.code()).isEqualTo((int) Http2Error.ENHANCE_YOUR_CALM.code());
      assertThat(goAway.text()).isEqualTo("too_many_pings");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void too_many_pings_end_the_connection_with_its_calls() throws Exception {
    try (FrameClient client = client("least-ping-interval=1h")) {
      get(client, 1, "/wait");
      client.ping().ping().ping().ping();
      assertThat(client.await(FrameClient.GOAWAY).text()).isEqualTo("too_many_pings");
      assertThat(client.isClosed()).isTrue();
      await().until(() -> handler.cancelled.get() == 1);
    }
  }

  @Test
  void pings_after_an_answer_are_free() throws Exception {
    try (FrameClient client = client("least-ping-interval=1h")) {
      for (int stream = 1; stream < 40; stream += 2) {
        client.ping().ping().ping();
        get(client, stream, "/x");
        int expected = stream;
        assertThat(client.awaitEnd(stream)).extracting(Frame::stream).isEqualTo(expected);
      }
    }
  }

  @Test
  void pings_are_free_while_an_answer_is_on_its_way() throws Exception {
    start("least-ping-interval=1h");
    int initialWindowSize = 4;
    try (FrameClient client = new FrameClient(server.address().getPort(), initialWindowSize, 0)) {
      get(client, 1, "/x");
      client.await(FrameClient.HEADERS);
      for (int i = 0; i < 50; i++) {
        client.ping();
        assertThat(client.await(FrameClient.PING).flags()).isEqualTo(FrameClient.ACK);
      }
    }
  }

  @Test
  void any_number_of_pings_is_taken_where_the_interval_is_zero() throws Exception {
    try (FrameClient client = client("least-ping-interval=0s")) {
      for (int i = 0; i < 50; i++) {
        client.ping();
        assertThat(client.await(FrameClient.PING).flags()).isEqualTo(FrameClient.ACK);
      }
    }
  }

  @Test
  void an_old_connection_is_asked_to_end_and_its_request_finishes() throws Exception {
    try (FrameClient client = client("connection-age=1s&connection-age-grace=1m")) {
      get(client, 1, "/wait");
      Frame first = client.await(FrameClient.GOAWAY);
      assertThat(first.code()).isEqualTo((int) Http2Error.NO_ERROR.code());
      handler.release.complete(null);
      assertThat(client.awaitEnd(1).type()).isEqualTo(FrameClient.DATA);
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void an_old_connection_is_broken_off_after_the_grace() throws Exception {
    try (FrameClient client = client("connection-age=1s&connection-age-grace=200ms")) {
      get(client, 1, "/wait");
      client.await(FrameClient.GOAWAY);
      assertThat(client.isClosed()).isTrue();
      await().until(() -> handler.cancelled.get() == 1 && server.inFlight() == 0);
    }
  }

  @Test
  void an_old_http_1_connection_ends_after_its_answer() throws Exception {
    start("connection-age=2s&connection-age-grace=1m");
    try (RawClient idle = new RawClient(server.address().getPort());
        RawClient busy = new RawClient(server.address().getPort())) {
      idle.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n").readUntil("? 0");
      busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
      await().until(() -> server.inFlight() == 1);
      assertThat(idle.readAll()).isEmpty();
      handler.release.complete(null);
      assertThat(busy.readAll()).endsWith("GET /wait? 0");
    }
  }

  @Test
  void connections_that_began_together_do_not_end_together() throws Exception {
    start("connection-age=1s");
    ConcurrentSkipListMap<Long, Integer> ends = new ConcurrentSkipListMap<>();
    List<FrameClient> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(new FrameClient(server.address().getPort()));
    }
    long began = System.nanoTime();
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (FrameClient client : clients) {
        readers.submit(() -> {
          client.await(FrameClient.GOAWAY);
          return ends.put(System.nanoTime() - began, 1);
        });
      }
    }
    for (FrameClient client : clients) {
      client.close();
    }
    assertThat(ends).hasSize(20);
    assertThat(ends.firstKey()).isGreaterThan(850_000_000L);
    assertThat(ends.lastKey() - ends.firstKey()).isGreaterThan(50_000_000L);
  }

  private FrameClient client(String limits) throws IOException {
    start(limits);
    return new FrameClient(server.address().getPort());
  }

  private void start(String limits) {
    server =
        HttpServer.start(new InetSocketAddress("127.0.0.1", 0), HttpLimits.of(limits), handler);
  }

  private static void get(FrameClient client, int stream, String path) throws IOException {
    client.headers(
        stream,
        true,
        new DefaultHttp2Headers().method("GET").scheme("http").path(path).authority("test"));
  }
}
