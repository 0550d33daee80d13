package io.anywire.conformance.crash;

import io.anywire.broker.DeadLetter;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What was published against what was delivered, of each subscription, and what was confirmed on
 * the way. What is certainly wrong is told at once; what is missing, at the end. Thread-safe.
 *
 * <p>Whoever settles says so before ({@link #settling}) and when the broker has confirmed it
 * ({@link #confirmed}). In between nobody knows: such a delivery may come again or not. A
 * settlement that the broker that delivered cannot have heard of, because it was dead by then, is
 * none.
 */
final class Account {
  /** A delay that ends by two clocks may seem to end that much earlier. */
  private static final long CLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private record Place(String subscription, Item item) {}

  private record Line(String subscription, String stream) {}

  private final Complaints complaints;
  private final Set<String> ordered;
  private final ConcurrentMap<Place, Fate> fates = new ConcurrentHashMap<>();
  private final Map<Line, Long> latest = new ConcurrentHashMap<>();
  private final Map<Place, Fate> open = new ConcurrentHashMap<>();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong duplicates = new AtomicLong();

  /**
   * @param ordered the subscriptions whose streams are to keep their order
   */
  Account(Complaints complaints, Set<String> ordered) {
    this.complaints = complaints;
    this.ordered = ordered;
  }

  /** It is about to be published to that subscription, not to be delivered before then. */
  void publishing(String subscription, Item item, long notBefore) {
    of(subscription, item, fate -> fate.notBefore = notBefore);
  }

  /** The broker has taken it, for all of these. */
  void acknowledged(Set<String> subscriptions, Item item) {
    acknowledged.incrementAndGet();
    for (String subscription : subscriptions) {
      of(subscription, item, fate -> fate.acknowledged = true);
    }
  }

  /** It was delivered. */
  void delivered(String subscription, Message message, int attempts) {
    long now = System.nanoTime();
    Item item = Item.of(message);
    Place place = new Place(subscription, item);
    if (!fates.containsKey(place) || !item.isIntact(message)) {
      complaints.add(Wrong.DAMAGED, place + ": not what was published");
    }
    delivered(subscription, item, attempts, now);
  }

  /** The same for one whose content was seen to be right. */
  void delivered(String subscription, Item item, int attempts, long now) {
    delivered.incrementAndGet();
    Place place = new Place(subscription, item);
    of(
        subscription,
        item,
        fate -> {
          check(place, fate, attempts, now);
          duplicates.addAndGet(fate.deliveries > 0 && !fate.awaited && !fate.revived ? 1 : 0);
          fate.deliveries++;
          fate.inHand = true;
          fate.awaited = false;
          fate.done = false; // Or it would not have come.
          open.put(place, fate);
        });
    if (ordered.contains(subscription)) {
      checkOrder(place);
    }
  }

  private void check(Place place, Fate fate, int attempts, long now) {
    if (fate.ended) {
      complaints.add(Wrong.REDELIVERED, place + ": delivery " + (fate.deliveries + 1));
    }
    if (now - fate.notBefore < -CLOCK_NANOS) {
      complaints.add(Wrong.EARLY, place + ": by " + (fate.notBefore - now) / 1_000_000 + " ms");
    }
    if (!fate.revived && (attempts < fate.retriesConfirmed || attempts > fate.retriesSaid)) {
      complaints.add(
          Wrong.ATTEMPTS,
          "%s: %d (expected: %d to %d)"
              .formatted(place, attempts, fate.retriesConfirmed, fate.retriesSaid));
    }
  }

  private void checkOrder(Place place) {
    Line line = new Line(place.subscription(), place.item().stream());
    long number = place.item().number();
    long before = latest.getOrDefault(line, number);
    latest.merge(line, number, Math::max);
    if (number < before) {
      complaints.add(Wrong.OUT_OF_ORDER, place + ": after " + before);
    } else if (number > before) {
      of(
          place.subscription(),
          new Item(line.stream(), before),
          fate -> {
            if (fate.inHand) {
              complaints.add(Wrong.OUT_OF_ORDER, place + ": while somebody had " + before);
            }
          });
    }
  }

  /** Whoever has it says {@code now} what became of it, to a broker that may live. */
  void settling(String subscription, Item item, Outcome outcome, long now) {
    of(
        subscription,
        item,
        fate -> {
          fate.inHand = false;
          switch (outcome) {
            case Outcome.Done done -> fate.done = true;
            case Outcome.Reject reject -> fate.rejected = true;
            case Outcome.RetryAfter retry -> {
              fate.retriesSaid++;
              fate.nextDue = now + retry.delay().toNanos();
            }
          }
        });
  }

  /** The broker has confirmed that. */
  void confirmed(String subscription, Item item, Outcome outcome) {
    of(
        subscription,
        item,
        fate -> {
          if (outcome instanceof Outcome.RetryAfter) {
            fate.retriesConfirmed++;
            fate.notBefore = fate.nextDue;
            fate.awaited = true;
          } else {
            fate.ended = true;
          }
        });
  }

  /** It is among the dead letters. */
  void dead(String subscription, DeadLetter letter) {
    Item item = Item.of(letter.message());
    Place place = new Place(subscription, item);
    of(
        subscription,
        item,
        fate -> {
          if (!fate.rejected || !item.isIntact(letter.message())) {
            complaints.add(Wrong.DEAD_LETTERS, place + ": is dead, and was not given up");
          }
          if (fate.purged) {
            complaints.add(Wrong.DEAD_LETTERS, place + ": is dead, and was purged");
          }
          if (!fate.revived && letter.attempts() != item.retries() + 1) {
            complaints.add(Wrong.DEAD_LETTERS, place + ": dead after " + letter.attempts());
          }
          fate.dead = true;
          fate.ended = true;
        });
  }

  /** That dead letter was deleted. */
  void purged(String subscription, Item item) {
    of(subscription, item, fate -> fate.purged = true);
  }

  /** That dead letter is about to live again, and will then be handled. */
  void reviving(String subscription, Item item) {
    of(
        subscription,
        item,
        fate -> {
          fate.revived = true;
          fate.ended = false;
          fate.dead = false;
          open.put(new Place(subscription, item), fate);
        });
  }

  /** What is to become of it now. */
  Outcome outcome(String subscription, Item item, int attempts) {
    Fate fate = fate(new Place(subscription, item));
    synchronized (fate) {
      return fate.revived ? Outcome.DONE : item.outcome(attempts);
    }
  }

  /** How many messages the broker has taken. */
  long acknowledged() {
    return acknowledged.get();
  }

  /** How many deliveries there were. */
  long deliveries() {
    return delivered.get();
  }

  /** How many deliveries came again because it was not confirmed what became of them. */
  long duplicates() {
    return duplicates.get();
  }

  /** How many of what was acknowledged have not come to an end. */
  long missing() {
    return missing(Wrong.LOST).size() + missing(Wrong.DEAD_LETTERS).size();
  }

  /** Complains about everything acknowledged that has not come to an end. */
  void close() {
    for (Wrong what : List.of(Wrong.LOST, Wrong.DEAD_LETTERS)) {
      missing(what).forEach(words -> complaints.add(what, words));
    }
  }

  private List<String> missing(Wrong what) {
    List<String> missing = new ArrayList<>();
    open.forEach((place, fate) -> {
      synchronized (fate) {
        if (fate.done || fate.dead) {
          open.remove(place);
        } else if (fate.acknowledged && what == kind(fate)) {
          missing.add(place + ": delivered " + fate.deliveries + " times, and no more");
        }
      }
    });
    return missing;
  }

  private static Wrong kind(Fate fate) {
    return fate.rejected && !fate.revived ? Wrong.DEAD_LETTERS : Wrong.LOST;
  }

  private void of(String subscription, Item item, Consumer<Fate> change) {
    Fate fate = fate(new Place(subscription, item));
    synchronized (fate) {
      change.accept(fate);
    }
  }

  private Fate fate(Place place) {
    return fates.computeIfAbsent(
        place,
        p -> {
          Fate fresh = new Fate();
          open.put(p, fresh);
          return fresh;
        });
  }
}
