package io.anywire.conformance.chaos;

import com.google.protobuf.InvalidProtocolBufferException;
import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.Topic;
import io.anywire.chaos.v1.ChaosEventsGrpc;
import io.anywire.chaos.v1.ChaosServiceGrpc;
import io.anywire.chaos.v1.Work;
import io.anywire.testing.TempFolder;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One engine under load, from its start to the account of what became of everything. */
final class EngineRun implements AutoCloseable {
  private static final int WORKERS = 3;
  private static final int MOST_DEAD = 100_000;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A quorum queue that is younger may be lost with its server. */
  private static final Duration GROWN = Duration.ofSeconds(1);

  private static final Topic TASKS = Topic.queue(ChaosServiceGrpc.SERVICE_NAME);
  private static final Topic EVENTS = Topic.events(ChaosEventsGrpc.SERVICE_NAME);

  private final String name;
  private final Plan plan;
  private final Pulse pulse = Pulse.start();
  private final TempFolder journals = TempFolder.create("chaos");
  private final Anywire anywire = Anywire.builder().application("chaos-load").build();
  private final Horizon horizon = new Horizon();
  private final Random random;
  private final Engine engine;
  private final Workers workers;
  private final Load load;

  private EngineRun(String name, Plan plan, long seed) {
    this.name = name;
    this.plan = plan;
    this.random = new Random(seed);
    this.engine = Engine.start(name);
    this.workers = new Workers(engine.url(), journals.path(), random);
    this.load = new Load(anywire, engine.url());
  }

  /**
   * Runs one engine.
   *
   * @param name anywire or rabbitmq
   * @throws AssertionError when a process ended by itself or did not start, with its output
   */
  static Findings of(String name, Plan plan, long seed) throws InterruptedException {
    try (EngineRun run = new EngineRun(name, plan, seed)) {
      return run.run();
    }
  }

  @Override
  public void close() {
    load.close();
    anywire.close();
    workers.close();
    engine.close();
    journals.close();
    pulse.close();
  }

  private Findings run() throws InterruptedException {
    workers.join(WORKERS);
    load.warmUp();
    await("the first dead letters", () -> hasDead(TASKS) && hasDead(EVENTS));
    await("the first that were handled", () -> load.isIdle() && account().missing().isEmpty());
    load.start();
    Thread.sleep(GROWN);
    Faults faults =
        new Faults(plan, engine, workers, random, horizon::restarting, this::awaitSubscribed);
    List<Fault> made = faults.make();
    Thread.sleep(GROWN);
    load.stop();
    workers.checkAlive();
    settle();
    return new Findings(name, account(), made, GRACE_NANOS + pulse.longestStall());
  }

  private void settle() throws InterruptedException {
    long end = System.nanoTime() + plan.settling().toNanos();
    while (!account().lost().isEmpty() && System.nanoTime() - end < 0) {
      Thread.sleep(250);
    }
  }

  private Account account() {
    Set<Long> dead = new HashSet<>(dead(TASKS));
    dead.addAll(dead(EVENTS));
    Horizon forgotten = engine.durable() ? Horizon.NONE : horizon;
    return new Account(load.operations(), Journal.readAll(journals.path()), dead, forgotten);
  }

  /** A broker in memory has forgotten its subscriptions, too. */
  private void awaitSubscribed() throws InterruptedException {
    if (!engine.durable()) {
      await(
          "the subscription",
          () -> broker().operations().subscriptions(EVENTS).contains(WorkerProcess.APPLICATION));
      horizon.subscribed();
    }
  }

  private boolean hasDead(Topic topic) {
    return !dead(topic).isEmpty();
  }

  private Set<Long> dead(Topic topic) {
    String subscription =
        topic.kind() == Topic.Kind.QUEUE ? Topic.WORKERS : WorkerProcess.APPLICATION;
    Set<Long> ids = new HashSet<>();
    for (DeadLetter letter : broker().deadLetters(topic, subscription).list(MOST_DEAD)) {
      try {
        ids.add(Work.parseFrom(letter.message().payload()).getId());
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError("a dead letter of " + topic + " is none of ours", e);
      }
    }
    return ids;
  }

  private Broker broker() {
    return anywire.broker(engine.url());
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holds(condition)) {
      workers.checkAlive();
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(name + ": " + what + " did not come within " + PATIENCE);
      }
      Thread.sleep(20);
    }
  }

  private static boolean holds(BooleanSupplier condition) {
    try {
      return condition.getAsBoolean();
    } catch (StatusRuntimeException e) {
      return false;
    }
  }
}
