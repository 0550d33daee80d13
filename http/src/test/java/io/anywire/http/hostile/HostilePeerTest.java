package io.anywire.http.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.http.netty.HttpLimits;
import io.anywire.http.netty.HttpServer;
import io.anywire.http.tls.ServerFiles;
import io.anywire.http.tls.ServerTls;
import io.anywire.testing.Certificates;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every attack of the tables, each many times: refused as the documentation says, while a good
 * client is served, and with nothing left behind.
 */
class HostilePeerTest {
  static final String LIMITS =
      "body-time=300ms&read-time=500ms&max-header=8KiB&max-header-line=4KiB"
          + "&header-lines=50&max-request-line=4KiB&pipelined=20&streams=100&resets=200"
          + "&stream-errors=200&control-frames=500&max-unread=1MiB&header-time=";

  /** As many clients at a time as there are attackers with one idea. */
  private static final int AT_ONCE = 8;

  private static final long MOST_MORE_HEAP = 24 << 20;
  private static final long MOST_DIRECT = 96 << 20;

  @TempDir static Path folder;
  private static HttpServer open;
  private static HttpServer secure;
  private static GoodClient good;
  private static long heapBefore;

  @BeforeAll
  static void start() throws Exception {
    Certificates.Issued identity = Certificates.in(folder).issue("server");
    ServerTls tls =
        ServerTls.open(
            new ServerFiles(identity.certificate(), identity.key(), Optional.empty(), true));
    open = serve("300ms", Optional.empty());
    // A handshake takes its time when all the attackers make one at once.
    secure = serve("800ms", Optional.of(tls));
    good = new GoodClient(door(false), door(true));
    for (List<Attack> family : families()) {
      outcomes(family.get(0));
    }
    heapBefore = heap();
  }

  @AfterAll
  static void stop() throws Exception {
    good.close();
    open.close();
    secure.close();
  }

  private static HttpServer serve(String headerTime, Optional<ServerTls> tls) {
    HttpLimits limits = HttpLimits.of(LIMITS + headerTime);
    return HttpServer.start(new InetSocketAddress("127.0.0.1", 0), limits, tls, new Victim());
  }

  private static Door door(boolean withTls) {
    return new Door((withTls ? secure : open).address().getPort(), withTls);
  }

  static Stream<Attack> attacks() throws IOException {
    return families().stream().flatMap(List::stream);
  }

  static List<List<Attack>> families() throws IOException {
    return List.of(
        Http1Attacks.all(),
        Http2Attacks.all(),
        TlsAttacks.all(),
        Http1Attacks.withinTls(),
        Http2Attacks.withinTls(),
        QuicAttacks.all(),
        Http3Attacks.all());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void is_refused(Attack attack) throws Exception {
    assertThat(outcomes(attack)).containsOnly(Map.entry(attack.refusal(), attack.times()));
    good.checkServed();
    await("the attacked requests are let go")
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> open.inFlight() + secure.inFlight() <= GoodClient.AT_ONCE);
    if (used() - heapBefore > MOST_MORE_HEAP) {
      assertThat(heap() - heapBefore).as("more heap than before").isLessThan(MOST_MORE_HEAP);
    }
    assertThat(direct()).as("direct memory").isLessThan(MOST_DIRECT);
  }

  private static Map<String, Integer> outcomes(Attack attack) throws Exception {
    Door door = door(attack.secure());
    Map<String, Integer> outcomes = new TreeMap<>();
    int atOnce = attack.isSlow() ? attack.times() : AT_ONCE;
    ExecutorService attackers = Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory());
    try {
      List<Future<String>> all = new ArrayList<>();
      for (int i = 0; i < attack.times(); i++) {
        all.add(attackers.submit(() -> attack.program().attack(door)));
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
