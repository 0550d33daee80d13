package io.anywire.conformance.chaos;

import io.anywire.conformance.chaos.Fault.What;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes faults, in rounds that have one of each kind, at moments that a seed decides. */
final class Faults {
  private static final Logger log = LoggerFactory.getLogger(Faults.class);

  private final Plan plan;
  private final Engine engine;
  private final Workers workers;
  private final Random random;
  private final Runnable restarting;
  private final Restored restored;
  private final List<Fault> made = new ArrayList<>();

  /** Waits for something that a broker has to get back first. */
  interface Restored {
    void await() throws InterruptedException;
  }

  /**
   * @param restarting called right before a killed broker is started again
   * @param restored called after that
   */
  Faults(
      Plan plan,
      Engine engine,
      Workers workers,
      Random random,
      Runnable restarting,
      Restored restored) {
    this.plan = plan;
    this.engine = engine;
    this.workers = workers;
    this.random = random;
    this.restarting = restarting;
    this.restored = restored;
  }

  /** Makes them, and returns them in order. */
  List<Fault> make() throws InterruptedException {
    long end = System.nanoTime() + plan.duration().toNanos();
    do {
      List<What> round = new ArrayList<>(Arrays.asList(What.values()));
      Collections.shuffle(round, random);
      for (What what : round) {
        Thread.sleep(random.nextLong(plan.calm().toMillis() / 10, plan.calm().toMillis()));
        make(what);
      }
    } while (System.nanoTime() - end < 0);
    return List.copyOf(made);
  }

  private void make(What what) throws InterruptedException {
    if (what == What.CONNECTIONS_CUT && !Connections.canBeCut()) {
      log.warn("Connections cannot be cut here (expected: root, iproute2, INET_DIAG_DESTROY)");
      return;
    }
    log.atInfo().addKeyValue("port", engine.port()).log(what.words());
    long begun = System.nanoTime();
    long over =
        switch (what) {
          case BROKER_KILLED -> killBroker();
          case BROKER_FROZEN -> freezeBroker();
          case CONNECTIONS_CUT -> {
            Connections.cut(engine.port());
            yield System.nanoTime();
          }
          case WORKER_KILLED -> {
            workers.kill();
            long killed = System.nanoTime();
            workers.join(1);
            yield killed;
          }
          case WORKER_LEFT -> {
            workers.leave();
            yield System.nanoTime();
          }
          case WORKER_JOINED -> {
            workers.join(1);
            yield System.nanoTime();
          }
        };
    made.add(new Fault(what, begun, over));
  }

  private long killBroker() throws InterruptedException {
    engine.kill();
    Thread.sleep(random.nextLong(plan.down().toMillis()));
    restarting.run();
    engine.restart();
    long over = System.nanoTime();
    restored.await();
    return over;
  }

  private long freezeBroker() throws InterruptedException {
    engine.freeze();
    try {
      Thread.sleep(plan.frozen());
    } finally {
      engine.thaw();
    }
    return System.nanoTime();
  }
}
