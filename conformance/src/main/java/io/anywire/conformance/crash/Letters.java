package io.anywire.conformance.crash;

import io.anywire.broker.Broker;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Topic;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Looks after the dead letters: lists them, lets some live again, and deletes the others. */
final class Letters {
  private static final int MOST = 100_000;

  private final Broker broker;
  private final Account account;
  private final Notes.Reader notes;
  private final Failures failures;

  Letters(Broker broker, Account account, Notes.Reader notes, Failures failures) {
    this.broker = broker;
    this.account = account;
    this.notes = notes;
    this.failures = failures;
  }

  /** All of them are noted. */
  void list() {
    Places.ALL.forEach((topic, names) ->
        names.forEach(name -> {
          Set<Item> unused = list(topic, name);
        }));
  }

  /** All of them are noted, and go: those of tasks by halves back to life. */
  void tidy() {
    Places.ALL.forEach((topic, names) -> names.forEach(name -> tidy(topic, name)));
  }

  private void tidy(Topic topic, String name) {
    Set<Item> seen = list(topic, name);
    if (topic.equals(Places.TASKS)) {
      Set<Item> revived = new HashSet<>(seen);
      revived.removeIf(item -> item.number() % 100 >= 50);
      revive(topic, name, revived);
      seen.removeAll(revived);
    }
    purge(topic, name, seen);
  }

  private Set<Item> list(Topic topic, String name) {
    List<DeadLetter> letters = new ArrayList<>();
    trying("listing dead letters", () -> letters.addAll(letters(topic, name).list(MOST)));
    notes.more(); // Whoever gave them up had noted it before.
    Set<Item> seen = new HashSet<>();
    for (DeadLetter letter : letters) {
      account.dead(Places.name(topic, name), letter);
      seen.add(Item.of(letter.message()));
    }
    return seen;
  }

  /** Whether it works or not, these may be delivered again from then on. */
  private void revive(Topic topic, String name, Set<Item> items) {
    items.forEach(item -> account.reviving(Places.name(topic, name), item));
    trying(
        "replaying",
        () -> {
          int unused = letters(topic, name).replay(is(items));
        });
  }

  private void purge(Topic topic, String name, Set<Item> seen) {
    boolean done =
        trying(
            "purging",
            () -> {
              int unused = letters(topic, name).purge(is(seen));
            });
    if (done) {
      seen.forEach(item -> account.purged(Places.name(topic, name), item));
    }
  }

  private static Predicate<DeadLetter> is(Set<Item> items) {
    return letter -> items.contains(Item.of(letter.message()));
  }

  private DeadLetters letters(Topic topic, String name) {
    return broker.deadLetters(topic, name);
  }

  private boolean trying(String what, Runnable doing) {
    try {
      doing.run();
      return true;
    } catch (StatusRuntimeException e) {
      failures.note(what, e);
      return false;
    }
  }
}
