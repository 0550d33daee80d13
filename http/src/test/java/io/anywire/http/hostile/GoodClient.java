package io.anywire.http.hostile;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Somebody who wants to be served while others attack: over HTTP/1.1 and HTTP/2, all the time. */
final class GoodClient implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(3);

  /** Generous, since attackers and good clients share the processors with the server. */
  private static final Duration LONGEST = Duration.ofSeconds(3);

  private final int port;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Long> nanos = new ArrayList<>();
  private @Nullable Throwable failure;
  private volatile boolean ended;
  private final Thread http1;
  private final Thread http2;

  GoodClient(int port) {
    this.port = port;
    http1 = Thread.ofPlatform().name("good-http1").start(() -> run(this::overHttp1));
    http2 = Thread.ofPlatform().name("good-http2").start(() -> run(this::overHttp2));
  }

  /** Checks that it has been served since the last time: at once, and without one failure. */
  void checkServed() {
    lock.lock();
    try {
      if (failure != null) {
        throw new AssertionError("a good client was not served: " + failure, failure);
      }
      nanos.sort(null);
      long p99 = nanos.isEmpty() ? 0 : nanos.get((int) (nanos.size() * 0.99));
      nanos.clear();
      if (p99 > LONGEST.toNanos()) {
        throw new AssertionError("a good client waited " + p99 / 1_000_000 + " ms");
      }
    } finally {
      lock.unlock();
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
      try (RawHttp1 client = new RawHttp1(port)) {
        for (int i = 0; i < 200 && !ended; i++) {
          long start = System.nanoTime();
          client.send("GET /good" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
          client.skip("/good" + i + " of a");
          served(start);
        }
      }
    }
  }

  private void overHttp2() throws Exception {
    while (!ended) {
      try (RawHttp2 client = RawHttp2.open(port)) {
        for (int stream = 1; stream < 400 && !ended; stream += 2) {
          long start = System.nanoTime();
          String outcome = client.get(stream, "/good").outcome();
          if (!outcome.equals("200")) {
            throw new IOException("got " + outcome);
          }
          served(start);
        }
      }
    }
  }

  private void served(long start) {
    lock.lock();
    nanos.add(System.nanoTime() - start);
    lock.unlock();
    LockSupport.parkNanos(PAUSE.toNanos());
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    http1.join();
    http2.join();
  }
}
