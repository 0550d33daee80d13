package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Stages.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * What became of each message, by its text. A message is in doubt once an outcome of it was not
 * confirmed, or its holder left without a word: it may then come again although it had ended. All
 * others have to add up exactly. Thread-safe.
 */
final class Account {
  /** One message. Guarded by itself. */
  private static final class Entry {
    private int deliveries;
    private int retries;
    private int issued;
    private int counted;
    private int done;
    private int rejected;
    private int returned;
    private boolean inDoubt;
    private boolean ended;
  }

  private final boolean ordered;
  private final boolean exact;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final Map<String, Integer> lastOfKey = new ConcurrentHashMap<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger ended = new AtomicInteger();

  /**
   * @param ordered whether keys are to keep their order
   * @param exact whether what was confirmed cannot come again
   */
  Account(boolean ordered, boolean exact) {
    this.ordered = ordered;
    this.exact = exact;
  }

  /** The broker has taken it. */
  void published(Message message) {
    Entry unused = entry(Messages.text(message));
  }

  private Entry entry(String text) {
    return entries.computeIfAbsent(text, t -> new Entry());
  }

  void delivered(Delivery delivery) {
    String text = Messages.text(delivery);
    Entry entry = entry(text);
    synchronized (entry) {
      entry.deliveries++;
      if (exact && !entry.inDoubt && entry.done + entry.rejected > 0) {
        wrong.add(text + " came again after it had ended");
      }
      // Where order is kept, attempts may be forgotten when a holder leaves.
      int least = ordered || entry.inDoubt || !exact ? 0 : entry.counted;
      if (delivery.attempts() < least || delivery.attempts() > entry.issued) {
        wrong.add(
            "%s: attempts %d (expected: %d to %d)"
                .formatted(text, delivery.attempts(), least, entry.issued));
      }
    }
    if (ordered) {
      delivery.message().key().ifPresent(key -> checkOrder(key, text));
    }
  }

  /** Texts of a key are numbered: each comes again, or is followed by the next. */
  private void checkOrder(String key, String text) {
    int number = Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
    Integer unused =
        lastOfKey.compute(
            key,
            (k, last) -> {
              int before = last == null ? -1 : last;
              if (number != before && number != before + 1) {
                wrong.add(key + ": " + number + " after " + before);
              }
              return Math.max(before, number);
            });
  }

  /** It is about to be told that outcome, of which another consumer may hear first. */
  void issued(Delivery delivery, Outcome outcome) {
    Entry entry = entry(Messages.text(delivery));
    synchronized (entry) {
      entry.issued += outcome instanceof Outcome.RetryAfter retry && retry.counts() ? 1 : 0;
    }
  }

  /** The broker has confirmed that outcome. */
  void confirmed(Delivery delivery, Outcome outcome) {
    Entry entry = entry(Messages.text(delivery));
    synchronized (entry) {
      switch (outcome) {
        case Outcome.Done done -> entry.done++;
        case Outcome.Reject reject -> entry.rejected++;
        case Outcome.RetryAfter retry -> {
          entry.retries++;
          entry.counted += retry.counts() ? 1 : 0;
        }
      }
      end(entry);
    }
  }

  /** Given back by a holder that leaves in good order. */
  void returned(Delivery delivery) {
    Entry entry = entry(Messages.text(delivery));
    synchronized (entry) {
      entry.returned++;
    }
  }

  /** Nobody knows whether it ends here or comes again. */
  void doubt(Delivery delivery) {
    Entry entry = entry(Messages.text(delivery));
    synchronized (entry) {
      entry.inDoubt = true;
      end(entry);
    }
  }

  private void end(Entry entry) {
    if (!entry.ended && (entry.inDoubt || entry.done + entry.rejected > 0)) {
      entry.ended = true;
      ended.incrementAndGet();
    }
  }

  /** Waits until every message has ended, for as long as any still does. */
  void awaitAll() {
    int before = -1;
    while (ended.get() < entries.size()) {
      int last = before;
      eventually().until(() -> ended.get() > last || ended.get() >= entries.size());
      before = ended.get();
    }
  }

  /** The texts of those whose rejection was confirmed without a doubt. */
  Set<String> rejected() {
    return entries.entrySet().stream()
        .filter(e -> !e.getValue().inDoubt && e.getValue().rejected > 0)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Checks that all adds up, with those that are dead letters now. */
  void check(Collection<String> dead) {
    assertThat(entries.keySet()).containsAll(dead);
    List<String> off =
        entries.entrySet().stream()
            .filter(e -> !e.getValue().inDoubt)
            .filter(e -> !addsUp(e.getValue(), dead.contains(e.getKey())))
            .map(e -> describe(e.getKey(), e.getValue()))
            .toList();
    assertThat(off).isEmpty();
    long inDoubt = entries.values().stream().filter(e -> e.inDoubt).count();
    assertThat(inDoubt).as("in doubt").isLessThan(Math.max(500, entries.size() / 4));
  }

  private boolean addsUp(Entry entry, boolean dead) {
    if (!exact) {
      return entry.done + entry.rejected > 0 && (dead || entry.rejected == 0);
    }
    return entry.done + entry.rejected == 1
        && dead == (entry.rejected == 1)
        && entry.deliveries == 1 + entry.retries + entry.returned;
  }

  private static String describe(String text, Entry entry) {
    return text
        + (": deliveries " + entry.deliveries)
        + (", retries " + entry.retries)
        + (", done " + entry.done)
        + (", rejected " + entry.rejected)
        + (", returned " + entry.returned);
  }

  /** What was seen to be wrong at once. */
  Collection<String> wrong() {
    return List.copyOf(wrong);
  }
}
