package io.anywire.conformance.crash;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.SubscriptionState;
import io.anywire.testing.TempFolder;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;

/** One run, from an empty folder to the account of what became of everything. */
final class CrashRun implements AutoCloseable {
  /** Small, so that segments are used again and checkpoints are made all the time. */
  private static final String SMALL =
      "&segment=256KiB&checkpoint=512KiB&history=1MiB&capacity=1024";

  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** How long nothing may be delivered while something is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final long LONGEST_ROUND_MILLIS = 900;
  private static final Duration CHECKPOINT_LIMIT = Duration.ofMillis(1_500);

  private final TempFolder folder = TempFolder.create("crash");
  private final Anywire anywire = Anywire.builder().application("crash-load").build();
  private final Complaints complaints = new Complaints();
  private final Account account = new Account(complaints, Places.ORDERED);
  private final Values values = new Values(complaints);
  private final Failures failures = new Failures(complaints);
  private final Threads threads = new Threads();
  private final Map<Moment, Integer> moments = new EnumMap<>(Moment.class);
  private final Random random;
  private final Notes.Reader notes;
  private final Host host;

  private CrashRun(String durability, long seed) {
    this.random = new Random(seed);
    Path noted = folder.path().resolve("notes");
    this.notes = new Notes.Reader(noted, account, complaints);
    this.host =
        new Host(folder.path().resolve("store"), "durability=" + durability + SMALL, noted, random);
  }

  /**
   * Kills the process so many times.
   *
   * @param durability fsync or page-cache
   * @throws AssertionError when the process does not start again, or nothing goes on
   */
  static Findings of(int rounds, String durability, long seed) throws Exception {
    try (CrashRun run = new CrashRun(durability, seed)) {
      return run.run(rounds);
    }
  }

  @Override
  public void close() {
    threads.close();
    host.close();
    anywire.close();
    folder.close();
  }

  private Findings run(int rounds) throws Exception {
    host.start();
    Broker broker = anywire.broker(host.url());
    Letters letters = new Letters(broker, account, notes, failures);
    Keeping keeping = new Keeping(broker, values, failures, threads);
    new Consumers(broker, account, failures, host::deaths).start();
    new Publishers(broker, account, failures, threads).start();
    keeping.start();
    for (int round = 0; round < rounds; round++) {
      awaitLoad();
      letters.tidy();
      kill(round == rounds - 1 ? Moment.LOADED : Moment.any(random));
      host.start();
    }
    threads.stop();
    settle(broker, letters);
    // Nothing of what is over comes again, however often it is opened.
    host.kill();
    host.start();
    settle(broker, letters);
    await("results and choices", keeping::look);
    host.close();
    account.close();
    host.complaints().forEach(line -> complaints.add(Wrong.UNEXPECTED, line));
    return new Findings(moments, account, values, complaints, host.openings());
  }

  private void kill(Moment moment) throws InterruptedException {
    moments.merge(moment, 1, Integer::sum);
    switch (moment) {
      case LOADED -> {
        Thread.sleep(random.nextLong(LONGEST_ROUND_MILLIS));
        host.kill();
      }
      case OPENING -> {
        Thread.sleep(random.nextLong(LONGEST_ROUND_MILLIS / 3));
        host.kill();
        host.killOpening();
      }
      case CHECKPOINT -> host.killInCheckpoint(CHECKPOINT_LIMIT);
      case CLOSING -> host.killClosing();
    }
  }

  /** Everybody works again. */
  private void awaitLoad() throws Exception {
    long acknowledged = account.acknowledged();
    long delivered = account.deliveries();
    long kept = values.confirmed();
    await(
        "the load",
        () ->
            account.acknowledged() > acknowledged
                && account.deliveries() > delivered
                && values.confirmed() > kept);
  }

  /** Everything is handled or dead: as the account says, unless it is lost, and as the broker. */
  private void settle(Broker broker, Letters letters) throws Exception {
    await("the broker to be empty", () -> isEmpty(broker));
    letters.list();
    long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    while (account.missing() > 0 && System.nanoTime() - end < 0) {
      Thread.sleep(50);
      letters.list();
    }
  }

  private static boolean isEmpty(Broker broker) {
    return Places.ALL.entrySet().stream()
        .allMatch(topic ->
            topic.getValue().stream()
                .map(name -> broker.operations().state(topic.getKey(), name))
                .allMatch(CrashRun::isEmpty));
  }

  private static boolean isEmpty(SubscriptionState state) {
    return state.waiting() == 0 && state.inFlight().orElse(0) == 0;
  }

  /** For as long as anything is still delivered, however slowly. */
  private void await(String what, Callable<Boolean> condition) throws Exception {
    long seen = account.deliveries();
    long end = System.nanoTime() + PATIENCE.toNanos();
    long last = System.nanoTime() + LONGEST.toNanos();
    while (!holds(condition)) {
      if (account.deliveries() > seen && System.nanoTime() - last < 0) {
        seen = account.deliveries();
        end = System.nanoTime() + PATIENCE.toNanos();
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(what + " did not come within " + PATIENCE + ": " + states());
      }
      Thread.sleep(10);
    }
  }

  private String states() {
    StringBuilder all = new StringBuilder();
    Broker broker = anywire.broker(host.url());
    Places.ALL.forEach((topic, names) ->
        names.forEach(name ->
            all.append('\n')
                .append(Places.name(topic, name))
                .append(": ")
                .append(broker.operations().state(topic, name))));
    return all + "\n" + host.complaints();
  }

  private static boolean holds(Callable<Boolean> condition) throws Exception {
    try {
      return condition.call();
    } catch (StatusRuntimeException e) {
      return false;
    }
  }
}
