package io.anywire.bench.client;

import io.anywire.bench.v1.HelloRequest;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Makes blocking calls, each on a virtual thread. */
final class CallRunner implements Runner {
  private static final HelloRequest REQUEST = HelloRequest.newBuilder().setName("world").build();

  private final Caller caller;

  CallRunner(Caller caller) {
    this.caller = caller;
  }

  @Override
  public CallResult run(Duration length) throws InterruptedException {
    return Callers.run(caller, length);
  }

  @Override
  public LatencyResult paced(Duration length, int perSecond) throws InterruptedException {
    var samples = new Samples((int) (length.toSeconds() + 1) * perSecond);
    ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    Pace.keep(length, perSecond, due -> calls.execute(() -> call(due, samples)));
    calls.shutdown();
    if (!calls.awaitTermination(1, TimeUnit.MINUTES)) {
      samples.failed(new IllegalStateException("calls do not end"));
    }
    return samples.result();
  }

  @Override
  public LatencyResult alone(Duration length) throws InterruptedException {
    var samples = new Samples(10_000_000);
    long end = System.nanoTime() + length.toNanos();
    Thread one =
        Thread.ofVirtual()
            .name("caller")
            .start(() -> {
              while (System.nanoTime() - end < 0) {
                call(System.nanoTime(), samples);
              }
            });
    one.join();
    return samples.result();
  }

  private void call(long began, Samples samples) {
    try {
      String reply = caller.call(REQUEST).getMessage();
      if (!reply.equals("Hello, world")) {
        throw new IllegalStateException("reply: " + reply);
      }
      samples.add(began);
    } catch (Exception e) {
      samples.failed(e);
    }
  }
}
