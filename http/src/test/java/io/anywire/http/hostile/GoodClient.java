package io.anywire.http.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who wants to be served while others attack: over HTTP/1.1, HTTP/2 and HTTP/3, all the
 * time.
 */
final class GoodClient implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(3);

  /** Generous, since attackers and good clients share the processors with the server. */
  private static final Duration LONGEST = Duration.ofSeconds(3);

  /** How many requests of it are under way at most. */
  static final int AT_ONCE = 3;

  private final Door open;
  private final Door secure;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, List<Long>> nanos = new TreeMap<>();
  private @Nullable Throwable failure;
  private volatile boolean ended;
  private final Thread http1;
  private final Thread http2;
  private final Thread http3;

  GoodClient(Door open, Door secure) {
    this.open = open;
    this.secure = secure;
    http1 = Thread.ofPlatform().name("good-http1").start(() -> run(this::overHttp1));
    http2 = Thread.ofPlatform().name("good-http2").start(() -> run(this::overHttp2));
    http3 = Thread.ofPlatform().name("good-http3").start(() -> run(this::overHttp3));
  }

  /** Checks that it has been served since the last time: at once, and without one failure. */
  void checkServed() {
    served()
        .forEach((version, served) -> {
          if (served.p99Micros() > LONGEST.toNanos() / 1000) {
            throw new AssertionError(
                "a good client of " + version + " waited " + served.p99Micros() / 1000 + " ms");
          }
        });
  }

  /**
   * How it has been served since the last time, by the version of HTTP.
   *
   * @throws AssertionError when it has not, once
   */
  Map<String, Served> served() {
    lock.lock();
    try {
      if (failure != null) {
        throw new AssertionError("a good client was not served: " + failure, failure);
      }
      Map<String, Served> served = new TreeMap<>();
      nanos.forEach((version, times) -> served.put(version, Served.of(times)));
      nanos.clear();
      return served;
    } finally {
      lock.unlock();
    }
  }

  /**
   * How requests were served.
   *
   * @param count how many
   * @param medianMicros how long the half of them took at most
   * @param p99Micros how long all but a hundredth took at most
   */
  record Served(int count, long medianMicros, long p99Micros) {
    static Served of(List<Long> nanos) {
      nanos.sort(null);
      long median = nanos.get(nanos.size() / 2);
      return new Served(nanos.size(), median / 1000, nanos.get((int) (nanos.size() * 0.99)) / 1000);
    }
  }

  private interface Requests {
    void send() throws Exception;
  }

  private void run(Requests requests) {
    try {
      requests.send();
    } catch (Exception | AssertionError e) {
      lock.lock();
      failure = e;
      lock.unlock();
    }
  }

  private void overHttp1() throws IOException {
    while (!ended) {
      // A connection serves many requests, and is not kept for ever.
      try (RawHttp1 client = new RawHttp1(open)) {
        for (int i = 0; i < 200 && !ended; i++) {
          long start = System.nanoTime();
          client.send("GET /good" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
          client.skip("/good" + i + " of a");
          served("HTTP/1.1", start);
        }
      }
    }
  }

  private void overHttp2() throws Exception {
    while (!ended) {
      try (RawHttp2 client = RawHttp2.open(open)) {
        for (int stream = 1; stream < 400 && !ended; stream += 2) {
          long start = System.nanoTime();
          String outcome = client.get(stream, "/good").outcome();
          if (!outcome.equals("200")) {
            throw new IOException("got " + outcome);
          }
          served("HTTP/2", start);
        }
      }
    }
  }

  private void overHttp3() throws Exception {
    while (!ended) {
      try (RawHttp3 client = RawHttp3.openWell(secure)) {
        for (int i = 0; i < 200 && !ended; i++) {
          long start = System.nanoTime();
          String outcome = client.request(Fields.request("GET", "/good").frame()).outcome();
          if (!outcome.equals("200")) {
            throw new IOException("got " + outcome);
          }
          served("HTTP/3", start);
        }
      }
    }
  }

  private void served(String version, long start) {
    lock.lock();
    nanos.computeIfAbsent(version, v -> new ArrayList<>()).add(System.nanoTime() - start);
    lock.unlock();
    LockSupport.parkNanos(PAUSE.toNanos());
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    http1.join();
    http2.join();
    http3.join();
  }
}
