package io.anywire.broker.embedded;

import static java.time.Duration.ZERO;

import io.anywire.broker.DeadLetter;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A backlog whose messages take room in a {@link MemoryStore}. */
final class MemoryFeed implements Feed {
  private static final CompletionStage<Void> SETTLED = CompletableFuture.completedStage(null);

  private final MemoryStore store;
  private final Backlog backlog;
  private final MemoryDeadLetters dead = new MemoryDeadLetters(this);

  MemoryFeed(MemoryStore store, String name) {
    this.store = store;
    this.backlog = new Backlog(name);
  }

  @Override
  public Backlog backlog() {
    return backlog;
  }

  MemoryDeadLetters deadLetters() {
    return dead;
  }

  @Override
  public CompletionStage<Void> settle(Entry entry, Outcome outcome) {
    switch (outcome) {
      case Outcome.Done done -> {
        store.give(entry.message());
        backlog.done(entry);
      }
      case Outcome.RetryAfter retry ->
          backlog.retry(retry.counts() ? entry.retried() : entry, retry.delay());
      case Outcome.Reject reject -> {
        dead.add(entry, reject.status(), reject.holdsKey());
        backlog.rejected(entry, reject.holdsKey());
      }
    }
    return SETTLED;
  }

  @Override
  public void giveBack(Entry entry) {
    backlog.giveBack(entry);
  }

  @Override
  public void crashed(Entry entry) {
    backlog.giveBack(entry.crashed());
  }

  /** Lets go of everything that waits; returns how much that was. */
  int purge() {
    var gone = backlog.purge();
    gone.forEach(entry -> store.give(entry.message()));
    return gone.size();
  }

  /** Lets go of what waits with these ids; returns how much that was. */
  int remove(Set<String> ids) {
    var gone = backlog.remove(entry -> ids.contains(entry.message().id()));
    gone.forEach(entry -> store.give(entry.message()));
    return gone.size();
  }

  /** Takes in what another broker had. */
  void put(Stored stored) {
    Message message = stored.message();
    if (stored.death().isPresent()) {
      dead.add(
          new DeadLetter(
              message,
              stored.death().get().status(),
              stored.attempts(),
              stored.death().get().time()));
    } else {
      backlog.addTried(message, stored.attempts(), rest(stored));
    }
  }

  private static Duration rest(Stored stored) {
    Duration rest = stored.due().map(due -> Duration.between(Instant.now(), due)).orElse(ZERO);
    return rest.isNegative() ? ZERO : rest;
  }

  /**
   * A dead letter that lives again: where it was if its key waits for it, else as if published now.
   */
  void replayed(MemoryDeadLetters.Dead letter) {
    if (letter.holdsKey()) {
      backlog.revive(new Entry(letter.entry().sequence(), letter.entry().message()));
    } else {
      backlog.add(letter.entry().message());
    }
  }

  /** A dead letter that is gone for good. */
  void purged(MemoryDeadLetters.Dead letter) {
    store.give(letter.entry().message());
    if (letter.holdsKey()) {
      backlog.release(letter.entry());
    }
  }
}
