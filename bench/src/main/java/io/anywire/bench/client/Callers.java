package io.anywire.bench.client;

import io.anywire.bench.v1.HelloReply;
import io.anywire.bench.v1.HelloRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@value #THREADS} virtual threads that call one after the other until the time is over. */
final class Callers {
  private static final int THREADS = 64;
  private static final HelloRequest REQUEST = HelloRequest.newBuilder().setName("world").build();
  private static final HelloReply REPLY =
      HelloReply.newBuilder().setMessage("Hello, world").build();

  private final Caller caller;
  private final long end;

  private Callers(Caller caller, long end) {
    this.caller = caller;
    this.end = end;
  }

  /** Runs for {@code length}, and until the calls under way then have ended. */
  static CallResult run(Caller caller, Duration length) throws InterruptedException {
    long start = System.nanoTime();
    var callers = new Callers(caller, start + length.toNanos());
    List<Count> counts = callers.runAll();
    return new CallResult(
        counts.stream().mapToLong(count -> count.calls).sum(),
        counts.stream().mapToLong(count -> count.failed).sum(),
        (System.nanoTime() - start) / 1e9,
        counts.stream()
            .map(count -> count.failure)
            .filter(why -> !why.isEmpty())
            .findFirst()
            .orElse(""));
  }

  private List<Count> runAll() throws InterruptedException {
    var counts = new ArrayList<Count>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < THREADS; i++) {
      var count = new Count();
      counts.add(count);
      threads.add(Thread.ofVirtual().name("caller-" + i).start(() -> callUntilEnd(count)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return counts;
  }

  private void callUntilEnd(Count count) {
    while (System.nanoTime() - end < 0) {
      count.calls++;
      try {
        HelloReply reply = caller.call(REQUEST);
        if (!reply.equals(REPLY)) {
          count.failed("reply: " + reply);
        }
      } catch (Exception e) {
        count.failed(e.toString());
      }
    }
  }

  /** Of one thread, and read by others after its end. */
  private static final class Count {
    private long calls;
    private long failed;
    private String failure = "";

    void failed(String why) {
      if (failed++ == 0) {
        failure = why;
      }
    }
  }
}
