package io.anywire.http.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.http.netty.HttpLimits;
import io.anywire.http.netty.HttpServer;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every attack of the tables, each many times: refused as the documentation says, while a good
 * client is served, and with nothing left behind.
 */
class HostilePeerTest {
  private static final HttpLimits LIMITS =
      HttpLimits.of(
          "header-time=300ms&body-time=300ms&read-time=500ms&max-header=8KiB&max-header-line=4KiB"
              + "&header-lines=50&max-request-line=4KiB&pipelined=20&streams=100&resets=200"
              + "&stream-errors=200&control-frames=500&max-unread=1MiB");

  /** As many clients at a time as there are attackers with one idea. */
  private static final int AT_ONCE = 8;

  private static final long MOST_MORE_HEAP = 24 << 20;
  private static final long MOST_DIRECT = 96 << 20;

  private static HttpServer server;
  private static GoodClient good;
  private static long heapBefore;

  @BeforeAll
  static void start() throws Exception {
    server = HttpServer.start(new InetSocketAddress("127.0.0.1", 0), LIMITS, new Victim());
    good = new GoodClient(server.address().getPort());
    for (Attack attack : List.of(Http1Attacks.all().get(0), Http2Attacks.all().get(0))) {
      outcomes(attack);
    }
    heapBefore = heap();
  }

  @AfterAll
  static void stop() throws Exception {
    good.close();
    server.close();
  }

  static Stream<Attack> attacks() {
    return Stream.concat(Http1Attacks.all().stream(), Http2Attacks.all().stream());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void is_refused(Attack attack) throws Exception {
    assertThat(outcomes(attack)).containsOnly(Map.entry(attack.refusal(), attack.times()));
    good.checkServed();
    await("the attacked requests are let go").until(() -> server.inFlight() <= 2);
    if (used() - heapBefore > MOST_MORE_HEAP) {
      assertThat(heap() - heapBefore).as("more heap than before").isLessThan(MOST_MORE_HEAP);
    }
    assertThat(direct()).as("direct memory").isLessThan(MOST_DIRECT);
  }

  private static Map<String, Integer> outcomes(Attack attack) throws Exception {
    int port = server.address().getPort();
    Map<String, Integer> outcomes = new TreeMap<>();
    int atOnce = attack.times() < 100 ? attack.times() : AT_ONCE;
    ExecutorService attackers = Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory());
    try {
      List<Future<String>> all = new ArrayList<>();
      for (int i = 0; i < attack.times(); i++) {
        all.add(attackers.submit(() -> attack.program().attack(port)));
      }
      for (Future<String> one : all) {
        outcomes.merge(one.get(30, TimeUnit.SECONDS), 1, Integer::sum);
      }
    } finally {
      attackers.shutdownNow();
    }
    return outcomes;
  }

  private static long heap() {
    System.gc();
    return used();
  }

  /** With what is not collected yet. */
  private static long used() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static long direct() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }
}
