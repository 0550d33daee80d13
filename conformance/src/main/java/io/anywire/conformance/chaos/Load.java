package io.anywire.conformance.chaos;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Empty;
import io.anywire.Anywire;
import io.anywire.chaos.v1.ChaosEventsGrpc;
import io.anywire.chaos.v1.ChaosServiceGrpc;
import io.anywire.chaos.v1.Done;
import io.anywire.chaos.v1.Work;
import io.anywire.messaging.event.Events;
import io.anywire.messaging.task.TaskHandle;
import io.anywire.messaging.task.TaskOptions;
import io.anywire.messaging.task.Tasks;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Steady calls, tasks and events, and what became of each. Thread-safe. */
final class Load implements AutoCloseable {
  private static final Duration CALL = Duration.ofSeconds(2);
  private static final Duration STREAM = Duration.ofSeconds(4);

  /** Of the first calls, for which the classes have to be loaded. */
  private static final Duration COLD = Duration.ofSeconds(30);

  private static final Duration PUBLISH = Duration.ofSeconds(10);
  private static final Duration RESULT = Duration.ofSeconds(20);
  private static final Duration REST = Duration.ofMillis(700);

  private static final int KEYS = 10;
  private static final int BURST = 3;
  private static final int FAILING = 17;
  private static final int HOPELESS = 211;
  private static final int MOST_MILLIS = 20;

  private final Channel calls;
  private final Channel events;
  private final Tasks tasks;
  private final AtomicLong lastId = new AtomicLong();
  private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
  private final Pacing pacing = new Pacing();

  Load(Anywire anywire, String url) {
    calls = anywire.channel(url);
    events = Events.at(anywire, url).channel();
    tasks = Tasks.at(anywire, url);
  }

  /** Begins. */
  void start() {
    pacing.each(Duration.ofMillis(100), () -> call(Kind.CALL, CALL));
    pacing.each(Duration.ofMillis(100), () -> call(Kind.READ, CALL));
    pacing.each(Duration.ofMillis(500), () -> call(Kind.STREAM, STREAM));
    pacing.each(Duration.ofMillis(80), () -> task(work(), TaskOptions.builder()));
    for (int i = 0; i < KEYS; i++) {
      Publishing key = new Publishing("key-" + i);
      pacing.inTurn(Duration.ofMillis(600), key::burst);
    }
  }

  /** Sends what makes a broker set up everything that it makes when it is first needed. */
  void warmUp() {
    pacing.once(() -> call(Kind.CALL, COLD));
    pacing.once(() -> call(Kind.STREAM, COLD));
    pacing.once(() -> task(work().setFailingAttempts(1), TaskOptions.builder().delay(REST)));
    pacing.once(() -> task(work().setHopeless(true), TaskOptions.builder()));
    Publishing warm = new Publishing("warm");
    warm.publish(work().setFailingAttempts(1));
    warm.publish(work().setHopeless(true));
  }

  /** Begins nothing more, and waits for what has begun until it must be over. */
  void stop() throws InterruptedException {
    pacing.stop(RESULT.plusSeconds(10));
  }

  /** Whether all that was begun has ended. */
  boolean isIdle() {
    return operations.stream().allMatch(operation -> operation.end().isPresent());
  }

  /** All that was begun until now. */
  List<Operation> operations() {
    return List.copyOf(operations);
  }

  @Override
  public void close() {
    pacing.close();
    tasks.close();
  }

  private Work.Builder work() {
    long id = lastId.incrementAndGet();
    return Work.newBuilder().setId(id).setMillis((int) (id * 7 % MOST_MILLIS));
  }

  private void call(Kind kind, Duration limit) {
    Work work = work().build();
    Operation operation = noted(Operation.begin(kind, work.getId(), limit));
    var stub =
        ChaosServiceGrpc.newBlockingStub(calls)
            .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    ended(
        operation,
        () -> {
          switch (kind) {
            case CALL -> stub.call(work);
            case READ -> stub.read(work);
            default -> drain(stub.watch(work));
          }
        });
  }

  private void task(Work.Builder what, TaskOptions.Builder options) {
    Work work = troubled(what).build();
    CallOptions bounded =
        CallOptions.DEFAULT.withDeadlineAfter(PUBLISH.toMillis(), TimeUnit.MILLISECONDS);
    Operation leaving = noted(Operation.begin(Kind.TASK, work.getId(), PUBLISH));
    TaskHandle<Done> handle;
    try {
      handle =
          tasks.enqueue(
              ChaosServiceGrpc.getPerformMethod(), work, options.callOptions(bounded).build());
      leaving.end(Status.Code.OK);
    } catch (StatusRuntimeException e) {
      leaving.end(e.getStatus().getCode());
      return;
    }
    ended(noted(Operation.begin(Kind.RESULT, work.getId(), RESULT)), () -> handle.await(RESULT));
  }

  private static Work.Builder troubled(Work.Builder work) {
    long id = work.getId();
    if (id % FAILING == 0) {
      work.setFailingAttempts(1);
    }
    return id % HOPELESS == 0 ? work.setHopeless(true) : work;
  }

  private Operation noted(Operation operation) {
    operations.add(operation);
    return operation;
  }

  private static void ended(Operation operation, Runnable doing) {
    try {
      doing.run();
      operation.end(Status.Code.OK);
    } catch (StatusRuntimeException e) {
      operation.end(e.getStatus().getCode());
    }
  }

  private static void drain(Iterator<Done> responses) {
    while (responses.hasNext()) {
      responses.next();
    }
  }

  /** The events of one key, several at a time without waiting for the first. One thread's. */
  private final class Publishing {
    private final String key;
    private long last;

    Publishing(String key) {
      this.key = key;
    }

    void burst() {
      for (int i = 0; i < BURST; i++) {
        publish(work());
      }
    }

    void publish(Work.Builder what) {
      Work event = troubled(what).setKey(key).setNumber(++last).build();
      Operation operation =
          noted(Operation.beginEvent(event.getId(), key, event.getNumber(), PUBLISH));
      ListenableFuture<Empty> taken =
          ChaosEventsGrpc.newFutureStub(events)
              .withDeadlineAfter(PUBLISH.toMillis(), TimeUnit.MILLISECONDS)
              .happened(event);
      taken.addListener(() -> operation.end(codeOf(taken)), Runnable::run);
    }
  }

  private static Status.Code codeOf(Future<?> done) {
    try {
      Object unused = done.get();
      return Status.Code.OK;
    } catch (ExecutionException e) {
      return Status.fromThrowable(e).getCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Status.Code.CANCELLED;
    }
  }
}
