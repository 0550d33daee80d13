package io.anywire.cli.operate;

import static java.util.stream.Collectors.toSet;

import io.anywire.broker.Drain;
import io.anywire.broker.Stored;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Topic;
import io.anywire.cli.CliException;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Moves subscriptions from one broker to another, in batches: the target has acknowledged a message
 * before the source lets go of it. Not thread-safe.
 */
final class Mover {
  private final Operated from;
  private final Operated to;
  private final MoveJournal journal;
  private final int batch;

  /**
   * A subscription that was moved, as both sides tell of it.
   *
   * @param found how many of the messages the target has
   * @param read whether the target was read; else its messages were counted, and {@code target} is
   *     what it acknowledged
   * @param left how many the source has still
   */
  record Proof(Place place, Tally source, Tally target, long found, boolean read, long left) {
    boolean holds() {
      return left == 0
          && source.count() == found
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
        .ifPresent(doubtful ->
            journal.found(
                canLook(doubtful.place())
                    ? identities(atTarget(doubtful.place()))
                    : identities(counted(doubtful))));
  }

  /** Whether the target can be read without a trace; false where it has no such place, too. */
  private boolean canLook(Place place) {
    try {
      var unused = to.broker().operations().peek(place.topic(), place.subscription(), 1);
      return true;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Code.UNIMPLEMENTED
          || e.getStatus().getCode() == Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** What is put arrives in order, so how many there are more than before says which they are. */
  private List<Moved> counted(MoveJournal.Batch doubtful) {
    MoveJournal.Counts now = restedCounts(doubtful.place());
    List<Moved> messages = doubtful.messages();
    long ready = now.ready() - doubtful.before().ready();
    long arrived =
        switch (messages.getFirst().how()) {
          case READY -> ready;
          case DEAD -> now.dead() - doubtful.before().dead();
          case DELAYED -> -1;
        };
    return arrived >= 0 ? messages.stream().limit(arrived).toList() : delayed(doubtful, ready);
  }

  private List<Moved> delayed(MoveJournal.Batch doubtful, long cameDue) {
    Set<Moved.Identity> resting = restingAtTarget(doubtful.place());
    List<Moved> missing =
        doubtful.messages().stream().filter(one -> !resting.contains(one.identity())).toList();
    if (cameDue != 0 && cameDue != missing.size()) {
      throw CliException.failed(
          "of %d delayed messages of %s %d came due at the target; which cannot be told"
              .formatted(doubtful.messages().size(), doubtful.place(), cameDue));
    }
    return cameDue != 0
        ? doubtful.messages()
        : doubtful.messages().stream().filter(one -> resting.contains(one.identity())).toList();
  }

  private Set<Moved.Identity> restingAtTarget(Place place) {
    try (Drain drain = drain(to, place, 1)) {
      return identities(drain.resting().stream().map(Moved::of).toList());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Code.NOT_FOUND) {
        return Set.of();
      }
      throw e;
    }
  }

  /** The same when they change no more: what a killed process had sent may still be arriving. */
  private MoveJournal.Counts restedCounts(Place place) {
    MoveJournal.Counts before = counts(place);
    while (true) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
      MoveJournal.Counts now = counts(place);
      if (now.equals(before)) {
        return now;
      }
      before = now;
    }
  }

  /** How many messages the target has of a place, which may not be there. */
  private MoveJournal.Counts counts(Place place) {
    try {
      var state = to.broker().operations().state(place.topic(), place.subscription());
      return new MoveJournal.Counts(state.ready().orElse(0), state.dead().orElse(0));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Code.NOT_FOUND) {
        return new MoveJournal.Counts(0, 0);
      }
      throw e;
    }
  }

  private static Set<Moved.Identity> identities(List<Moved> all) {
    return all.stream().map(Moved::identity).collect(toSet());
  }

  /** All that the target has of a place; its drain would show what is in memory. */
  private List<Moved> atTarget(Place place) {
    List<Moved> all = new ArrayList<>();
    to.broker()
        .operations()
        .peek(place.topic(), place.subscription(), Integer.MAX_VALUE)
        .forEach(one -> all.add(Moved.of(Stored.of(one))));
    to.deadLetters(place)
        .list(Integer.MAX_VALUE)
        .forEach(letter -> all.add(Moved.of(Stored.of(letter))));
    return all;
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
        put(place, fresh, Moved.How.READY);
        put(place, fresh, Moved.How.DELAYED);
        put(place, fresh, Moved.How.DEAD);
        drain.remove(next);
        journal.removed(place, identities(next.stream().map(Moved::of).toList()));
        soFar.addAndGet(fresh.size());
        next = drain.first(batch);
      }
    }
    journal.emptied(place);
    makeEmpty(place);
  }

  private void put(Place place, List<Stored> all, Moved.How how) {
    List<Stored> messages = all.stream().filter(one -> Moved.of(one).how() == how).toList();
    if (!messages.isEmpty()) {
      journal.begin(
          new MoveJournal.Batch(place, messages.stream().map(Moved::of).toList(), counts(place)));
      put(place, messages);
      journal.moved();
    }
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

  /** Reads the target, or counts what it has where it cannot be read, and compares. */
  Proof prove(Place place) {
    Tally source = Tally.of(journal.moved(place));
    var state = from.broker().operations().state(place.topic(), place.subscription());
    long left = state.waiting() + state.inFlight().orElse(0) + state.dead().orElse(0);
    if (canLook(place)) {
      Tally target = found(place);
      return new Proof(place, source, target, target.count(), true, left);
    }
    MoveJournal.Counts before = journal.before(place);
    MoveJournal.Counts now = counts(place);
    Set<Moved.Identity> moved = identities(journal.moved(place));
    long resting =
        source.count(Moved.How.DELAYED) == 0
            ? 0
            : restingAtTarget(place).stream().filter(moved::contains).count();
    long found = now.ready() - before.ready() + now.dead() - before.dead() + resting;
    return new Proof(place, source, source, found, false, left);
  }

  private Tally found(Place place) {
    List<Moved> moved = journal.moved(place);
    Set<Moved.Identity> ids = identities(moved);
    Set<Moved.Identity> inOrder =
        identities(moved.stream().filter(one -> one.how() == Moved.How.READY).toList());
    Tally target = new Tally();
    for (Moved one : moved.isEmpty() ? List.<Moved>of() : atTarget(place)) {
      if (ids.contains(one.identity())) {
        target.add(asMoved(one, inOrder.contains(one.identity())));
      }
    }
    return target;
  }

  /** A message that was delayed may have come due since. */
  private static Moved asMoved(Moved found, boolean wasReady) {
    if (found.how() == Moved.How.DEAD) {
      return found;
    }
    return new Moved(wasReady ? Moved.How.READY : Moved.How.DELAYED, found.id(), found.key());
  }
}
