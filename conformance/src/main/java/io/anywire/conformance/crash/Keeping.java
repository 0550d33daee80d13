package io.anywire.conformance.crash;

import com.google.protobuf.ByteString;
import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/** Whoever keeps results and makes choices, and looks what has become of them. */
final class Keeping {
  /** Longer than any run. */
  private static final Duration KEPT = Duration.ofHours(2);

  private static final Duration AFTER_FAILURE = Duration.ofMillis(50);
  private static final int PAUSE_MILLIS = 6;
  private static final int IDS = 20;
  private static final int CHOICES = 4;

  /** How many questions are asked at a time in the end. */
  private static final int TOGETHER = 200;

  private final Broker broker;
  private final Values values;
  private final Failures failures;
  private final Threads threads;
  private final Set<String> asked = new HashSet<>();

  Keeping(Broker broker, Values values, Failures failures, Threads threads) {
    this.broker = broker;
    this.values = values;
    this.failures = failures;
    this.threads = threads;
  }

  /** Each id has one thread, so that its versions have one order. */
  void start() {
    threads.start("results", this::keep);
    threads.start("choices", this::choose);
  }

  /** Looks at all of them once more, or at the rest; whether each was seen. For one thread. */
  boolean look() {
    boolean all = true;
    for (String id : values.results()) {
      all &= look(id);
    }
    for (List<String> ids = unasked(); !ids.isEmpty() && all; ids = unasked()) {
      List<CompletionStage<Void>> answers = ids.stream().map(id -> choosing(id, 0)).toList();
      for (int i = 0; i < ids.size(); i++) {
        if (isDone("choosing " + ids.get(i), answers.get(i))) {
          asked.add(ids.get(i));
        } else {
          all = false;
        }
      }
    }
    return all;
  }

  private List<String> unasked() {
    return values.questions().stream().filter(id -> !asked.contains(id)).limit(TOGETHER).toList();
  }

  private void keep(long number) throws InterruptedException {
    Thread.sleep(PAUSE_MILLIS);
    String id = "result-" + number % IDS;
    boolean done;
    if (number % 3 == 0) {
      done = look(id);
    } else {
      long version = values.putting(id);
      Message message = Message.of(ByteString.copyFromUtf8(Long.toString(version)));
      done = isDone("keeping " + id, broker.results().put(id, message, KEPT));
      if (done) {
        values.put(id, version);
      }
    }
    pauseUnless(done);
  }

  private boolean look(String id) {
    long oldest = values.oldest(id);
    return isDone(
        "looking at " + id,
        broker
            .results()
            .get(id)
            .thenAccept(found -> values.found(id, found.map(Keeping::version), oldest)));
  }

  private static long version(Message message) {
    return Long.parseLong(message.payload().toStringUtf8());
  }

  /** Of questions that are new, and of old ones. */
  private void choose(long number) throws InterruptedException {
    Thread.sleep(PAUSE_MILLIS);
    long which = number % 2 == 0 ? number : ThreadLocalRandom.current().nextLong(number) + 1;
    pauseUnless(choose("question-" + which, ThreadLocalRandom.current().nextInt(CHOICES)));
  }

  private boolean choose(String id, int choice) {
    return isDone("choosing " + id, choosing(id, choice));
  }

  private CompletionStage<Void> choosing(String id, int choice) {
    return broker
        .results()
        .choose(id, choice, KEPT)
        .thenAccept(stands -> values.chose(id, choice, stands));
  }

  private boolean isDone(String doing, CompletionStage<Void> stage) {
    try {
      Optional<Void> unused = Optional.ofNullable(stage.toCompletableFuture().join());
      return true;
    } catch (CompletionException e) {
      failures.note(doing, Optional.ofNullable(e.getCause()).orElse(e));
      return false;
    }
  }

  private static void pauseUnless(boolean done) throws InterruptedException {
    if (!done) {
      Thread.sleep(AFTER_FAILURE);
    }
  }
}
