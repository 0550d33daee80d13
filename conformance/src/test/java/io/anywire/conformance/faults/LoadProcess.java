package io.anywire.conformance.faults;

import com.google.protobuf.ByteString;
import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Topic;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes to a broker and works on what it gets, until that is enough or something fails; then
 * writes down who was told what.
 */
final class LoadProcess {
  static final Topic QUEUE = Topic.queue("load");
  static final String AT_WORK = "at work";
  static final String WRITTEN = "all is written down";

  private static final int PUBLISHERS = 4;
  private static final int ON_THEIR_WAY = 8;
  private static final int LATE = 5;
  private static final long AGAIN_NANOS = 1_000_000;
  private static final ByteString PAYLOAD = ByteString.copyFrom(new byte[2_000]);

  private final Broker broker;
  private final Told told;
  private final int count;
  private final boolean patient;

  private LoadProcess(Broker broker, Told told, int count, boolean patient) {
    this.broker = broker;
    this.told = told;
    this.count = count;
    this.patient = patient;
  }

  /**
   * The URL of the broker, the file to write to, how many messages each publisher has, and whether
   * he tries again what was refused for want of room.
   */
  @SuppressWarnings("SystemOut") // It is what is waited for.
  public static void main(String[] arguments) throws Exception {
    Told told = new Told();
    try (Anywire anywire = Anywire.builder().application("load").build()) {
      Broker broker = anywire.broker(arguments[0]);
      System.out.println(AT_WORK);
      int count = Integer.parseInt(arguments[2]);
      new LoadProcess(broker, told, count, Boolean.parseBoolean(arguments[3])).run();
    }
    told.write(Path.of(arguments[1]));
    System.out.println(WRITTEN);
  }

  private void run() throws InterruptedException {
    broker.subscribe(QUEUE, Topic.WORKERS, 50, this::work);
    List<Thread> publishers = new ArrayList<>();
    for (int i = 0; i < PUBLISHERS; i++) {
      String name = "p" + i + "-";
      publishers.add(Thread.ofPlatform().start(() -> publish(name)));
    }
    for (Thread publisher : publishers) {
      publisher.join();
    }
  }

  /** Every second message is done, and the others come again after the test. */
  private void work(Delivery delivery) {
    String id = delivery.message().id();
    boolean done = id.hashCode() % 2 == 0;
    Code unused = told.add(done ? "settling" : "retrying", id, Code.OK);
    var settling =
        delivery
            .settle(done ? Outcome.DONE : new Outcome.RetryAfter(Duration.ofSeconds(30)))
            .whenComplete(
                (settled, failure) -> told.add(done ? "settled" : "retried", id, code(failure)));
  }

  private void publish(String name) {
    Deque<CompletionStage<Code>> waiting = new ArrayDeque<>();
    boolean well = true;
    for (int i = 0; i < count && well; i++) {
      waiting.add(published("published", name + i));
      if (waiting.size() == ON_THEIR_WAY) {
        well = answer(waiting.remove()) == Code.OK;
      }
    }
    while (!waiting.isEmpty()) {
      well &= answer(waiting.remove()) == Code.OK;
    }
    for (int i = 0; i < LATE && !well; i++) {
      var unused = answer(published("late", name + "late-" + i));
    }
  }

  private CompletionStage<Code> published(String what, String id) {
    CompletionStage<Void> stage = broker.publish(QUEUE, message(id));
    boolean refused = false;
    while (patient && answer(stage.handle((done, e) -> code(e))) == Code.RESOURCE_EXHAUSTED) {
      if (!refused) {
        Code unused = told.add("refused", id, Code.RESOURCE_EXHAUSTED);
        refused = true;
      }
      LockSupport.parkNanos(AGAIN_NANOS);
      stage = broker.publish(QUEUE, message(id));
    }
    return stage.handle((done, failure) -> told.add(what, id, code(failure)));
  }

  static Message message(String id) {
    return Message.builder().attribute("id", id).payload(PAYLOAD).build();
  }

  /** Whoever never gets one makes the process fail. */
  private static Code answer(CompletionStage<Code> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static Code code(Throwable failure) {
    return failure == null ? Code.OK : Status.fromThrowable(failure).getCode();
  }
}
