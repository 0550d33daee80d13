package io.anywire.http.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Many clients at once: ten thousand that are quiet, and a thousand that are not. */
class CrowdTest {
  private static final int QUIET = 10_000;
  private static final int BUSY = 1_000;
  private static final long BUSY_NANOS = Duration.ofSeconds(5).toNanos();
  private static final int FILES = QUIET + BUSY + 500;
  private static final int HEAP_MIB = 512;

  /** How many begin at a time, so that none is lost in the queue of those to be accepted. */
  private static final int AT_ONCE = 100;

  private final Queue<AutoCloseable> open = new ConcurrentLinkedQueue<>();
  private final AtomicLong served = new AtomicLong();

  /** A connection that can be asked. */
  private interface Client {
    void ask() throws Exception;
  }

  @Test
  void ten_thousand_quiet_and_a_thousand_busy_connections_are_served_in_512_mib() throws Exception {
    assertEnoughFiles();
    try (LocalProcess server =
        JavaProcess.of(CrowdServer.class).jvmOptions("-Xmx" + HEAP_MIB + "m").start()) {
      int port =
          Integer.parseInt(
              server.awaitLine(Pattern.compile("port (\\d+)"), Duration.ofSeconds(30)).group(1));
      List<Client> quiet = all(AT_ONCE, QUIET, i -> client(port, i));
      List<Client> busy = all(AT_ONCE, BUSY, i -> client(port, i));
      long before = served.get();
      all(BUSY, BUSY, i -> askAgainAndAgain(busy.get(i)));
      long during = served.get() - before;
      String memory = memory(port);
      all(AT_ONCE, QUIET, i -> asked(quiet.get(i)));
      System.out.printf(
          "%d quiet and %d busy connections, %d requests in 5 s: %s%n",
          QUIET, BUSY, during, memory.substring(memory.indexOf("heap")));
      assertThat(during).isGreaterThan(BUSY);
      Matcher heap = Pattern.compile("heap (\\d+) MiB").matcher(memory);
      assertThat(heap.find()).as(memory).isTrue();
      assertThat(Integer.parseInt(heap.group(1))).isLessThan(HEAP_MIB);
      assertThat(server.output()).doesNotContain("OutOfMemoryError");
    } finally {
      for (AutoCloseable one : open) {
        one.close();
      }
    }
  }

  private Client client(int port, int index) throws Exception {
    Client client = index % 2 == 0 ? http1(port) : http2(port);
    return asked(client);
  }

  private Client http1(int port) throws Exception {
    RawHttp1 connection = new RawHttp1(port);
    open.add(connection);
    return () -> connection.send("GET /crowd HTTP/1.1\r\nHost: a\r\n\r\n").skip("/crowd of a");
  }

  private Client http2(int port) throws Exception {
    RawHttp2 connection = RawHttp2.open(port);
    open.add(connection);
    int[] stream = {-1};
    return () -> {
      stream[0] += 2;
      assertThat(connection.get(stream[0], "/crowd").outcome()).isEqualTo("200");
    };
  }

  private Client asked(Client client) throws Exception {
    client.ask();
    served.incrementAndGet();
    return client;
  }

  private Client askAgainAndAgain(Client client) throws Exception {
    for (long end = System.nanoTime() + BUSY_NANOS; System.nanoTime() < end; ) {
      asked(client);
    }
    return client;
  }

  private static String memory(int port) throws Exception {
    try (RawHttp1 client = new RawHttp1(port)) {
      return client.send("GET /memory HTTP/1.0\r\n\r\n").text();
    }
  }

  private interface Step {
    Client take(int index) throws Exception;
  }

  /** The first failure fails the test. */
  private static List<Client> all(int atOnce, int count, Step step) throws Exception {
    List<Client> results = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
      List<Future<Client>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int index = i;
        running.add(threads.submit((Callable<Client>) () -> step.take(index)));
      }
      for (Future<Client> one : running) {
        results.add(one.get(60, TimeUnit.SECONDS));
      }
    }
    return results;
  }

  private static void assertEnoughFiles() throws Exception {
    String limits = Files.readString(Path.of("/proc/self/limits"));
    Matcher files = Pattern.compile("Max open files\\s+\\S+\\s+(\\d+)").matcher(limits);
    assertThat(!files.find() || Long.parseLong(files.group(1)) >= FILES)
        .as("the limit of open files allows %d connections; raise it by: ulimit -n 20000", FILES)
        .isTrue();
  }
}
