package io.anywire.bench.messaging;

import com.google.protobuf.ByteString;
import io.anywire.Anywire;
import io.anywire.bench.client.CallResult;
import io.anywire.bench.client.Failures;
import io.anywire.bench.client.LatencyResult;
import io.anywire.bench.client.Orders;
import io.anywire.bench.client.Runner;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Messages of 100 bytes through a queue of a broker, without anything above it: each published and
 * acknowledged, delivered, and settled by itself. At most {@value #WINDOW} are under way.
 */
public final class BrokerMessages implements Runner {
  private static final int WINDOW = 16_384;
  private static final int GRAIN = 64;
  private static final int IN_FLIGHT = 1_024;
  private static final Topic QUEUE = Topic.queue("bench");
  private static final ByteString PAYLOAD = ByteString.copyFrom(new byte[100]);

  private final Broker broker;
  private final int publishers;
  private final Semaphore room = new Semaphore(WINDOW / GRAIN);
  private final AtomicLong settled = new AtomicLong();
  private final LongAdder taken = new LongAdder();
  private final Failures failures = new Failures();

  private BrokerMessages(Broker broker, int publishers, int consumers) {
    this.broker = broker;
    this.publishers = publishers;
    for (int i = 0; i < consumers; i++) {
      broker.subscribe(QUEUE, Topic.WORKERS, IN_FLIGHT, this::receive);
    }
  }

  /** The arguments after the port: publishers, consumers; the last is the URL. */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (Anywire anywire = Anywire.builder().application("bench").build()) {
      var runner =
          new BrokerMessages(
              anywire.broker(args[args.length - 1]),
              Integer.parseInt(args[1]),
              Integer.parseInt(args[2]));
      Orders.take(Integer.parseInt(args[0]), runner);
    }
  }

  @Override
  public CallResult run(Duration length) throws InterruptedException {
    long before = taken.sum();
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < publishers; i++) {
      threads.add(
          Thread.ofVirtual().name("publisher-" + i).start(() -> publish(start + length.toNanos())));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!room.tryAcquire(WINDOW / GRAIN, 30, TimeUnit.SECONDS)) {
      failures.add(new IllegalStateException("messages were not handled"));
    }
    room.release(WINDOW / GRAIN);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new CallResult(taken.sum() - before, failures.count(), seconds, failures.first());
  }

  private void publish(long end) {
    while (System.nanoTime() - end < 0) {
      room.acquireUninterruptibly();
      for (int i = 0; i < GRAIN; i++) {
        Message message = new Message(Map.of("id", "message"), Map.of(), PAYLOAD);
        CompletionStage<Void> answer = broker.publish(QUEUE, message);
        answer.whenComplete(this::answered);
      }
    }
  }

  private void answered(Void done, Throwable failure) {
    if (failure == null) {
      taken.increment();
    } else {
      failures.add(failure);
    }
  }

  @Override
  public LatencyResult paced(Duration length, int perSecond) {
    throw new UnsupportedOperationException("not measured");
  }

  @Override
  public LatencyResult alone(Duration length) {
    throw new UnsupportedOperationException("not measured");
  }

  /** Gives room for a grain of messages when so many are settled. */
  private void receive(Delivery delivery) {
    delivery
        .settle(Outcome.DONE)
        .whenComplete((done, failure) -> {
          if (failure != null) {
            failures.add(failure);
          }
          if (settled.incrementAndGet() % GRAIN == 0) {
            room.release();
          }
        });
  }
}
