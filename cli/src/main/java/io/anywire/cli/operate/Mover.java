package io.anywire.cli.operate;

import static java.util.stream.Collectors.toSet;

import io.anywire.broker.Drain;
import io.anywire.broker.Stored;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Topic;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Moves subscriptions from one broker to another, in batches: the target has acknowledged a message
 * before the source lets go of it. Not thread-safe.
 */
final class Mover {
  private final Operated from;
  private final Operated to;
  private final MoveJournal journal;
  private final int batch;

  /** A subscription that was moved, as both sides tell of it. */
  record Proof(Place place, Tally source, Tally target, long others, long left) {
    boolean holds() {
      return left == 0
          && source.count() == target.count()
          && source.digest().equals(target.digest())
          && source.order().equals(target.order());
    }
  }

  /**
   * @param batch how many messages are moved at a time
   */
  Mover(Operated from, Operated to, MoveJournal journal, int batch) {
    this.from = from;
    this.to = to;
    this.journal = journal;
    this.batch = batch;
  }

  /** Finds out what the target has of the batch that a killed move has left in doubt. */
  void settleDoubt() {
    journal
        .doubtful()
        .ifPresent(doubtful -> {
          Place place = doubtful.place();
          boolean isThere =
              to.broker().operations().subscriptions(place.topic()).contains(place.subscription());
          journal.found(isThere ? identities(atTarget(place)) : Set.of());
        });
  }

  private static Set<Moved.Identity> identities(List<Moved> all) {
    return all.stream().map(Moved::identity).collect(toSet());
  }

  private List<Moved> atTarget(Place place) {
    try (Drain drain = drain(to, place, Integer.MAX_VALUE)) {
      return drain.first(Integer.MAX_VALUE).stream().map(Moved::of).toList();
    }
  }

  private static Drain drain(Operated at, Place place, int most) {
    return at.broker().operations().drain(place.topic(), place.subscription(), most);
  }

  /** Moves one subscription; {@code soFar} is told how many messages that were. */
  void move(Place place, AtomicLong soFar) {
    try (Drain drain = drain(from, place, batch)) {
      List<Stored> next = drain.first(batch);
      while (!next.isEmpty()) {
        Set<Moved.Identity> before = journal.unremoved(place);
        List<Stored> fresh =
            next.stream().filter(one -> !before.contains(Moved.of(one).identity())).toList();
        if (!fresh.isEmpty()) {
          journal.begin(new MoveJournal.Batch(place, fresh.stream().map(Moved::of).toList()));
          put(place, fresh);
          journal.moved();
        }
        drain.remove(next);
        journal.removed(place, identities(next.stream().map(Moved::of).toList()));
        soFar.addAndGet(fresh.size());
        next = drain.first(batch);
      }
    }
    journal.emptied(place);
    makeEmpty(place);
  }

  private void put(Place place, List<Stored> messages) {
    try {
      to.broker()
          .operations()
          .put(place.topic(), place.subscription(), messages)
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StatusRuntimeException status ? status : e;
    }
  }

  /** A subscription to events of which nothing was moved is to have what is published next. */
  private void makeEmpty(Place place) {
    boolean isThere =
        place.topic().kind() != Topic.Kind.EVENTS
            || to.broker().operations().subscriptions(place.topic()).contains(place.subscription());
    if (!isThere) {
      to.broker()
          .subscribe(
              place.topic(), place.subscription(), SubscribeOptions.inFlight(1), delivery -> {})
          .close();
    }
  }

  /** Reads the target, and compares. */
  Proof prove(Place place) {
    List<Moved> moved = journal.moved(place);
    Set<Moved.Identity> ids = identities(moved);
    Set<Moved.Identity> inOrder =
        identities(moved.stream().filter(one -> one.how() == Moved.How.READY).toList());
    List<Moved> there = moved.isEmpty() ? List.of() : atTarget(place);
    Tally target = new Tally();
    for (Moved one : there) {
      if (ids.contains(one.identity())) {
        target.add(asMoved(one, inOrder.contains(one.identity())));
      }
    }
    var state = from.broker().operations().state(place.topic(), place.subscription());
    long left = state.waiting() + state.inFlight().orElse(0) + state.dead().orElse(0);
    return new Proof(place, Tally.of(moved), target, there.size() - target.count(), left);
  }

  /** A message that was delayed may have come due since. */
  private static Moved asMoved(Moved found, boolean wasReady) {
    if (found.how() == Moved.How.DEAD) {
      return found;
    }
    return new Moved(wasReady ? Moved.How.READY : Moved.How.DELAYED, found.id(), found.key());
  }
}
