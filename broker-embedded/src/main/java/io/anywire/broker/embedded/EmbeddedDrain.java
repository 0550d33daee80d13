package io.anywire.broker.embedded;

import static java.util.stream.Collectors.toSet;

import io.anywire.broker.DeadLetters;
import io.anywire.broker.Drain;
import io.anywire.broker.Stored;
import io.anywire.broker.Topic;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A drain of a {@link Store}, which keeps nothing of its own. */
record EmbeddedDrain(Store store, Topic topic, String subscription) implements Drain {

  @Override
  public List<Stored> first(int max) {
    List<Stored> waiting = store.loaded(topic, subscription, max).stream().map(Stored::of).toList();
    int left = max - waiting.size();
    return left == 0
        ? waiting
        : Stream.concat(waiting.stream(), letters().list(left).stream().map(Stored::of)).toList();
  }

  @Override
  public List<Stored> resting() {
    return store.peek(topic, subscription, Integer.MAX_VALUE).stream()
        .filter(one -> one.due().isPresent())
        .map(Stored::of)
        .toList();
  }

  @Override
  public void remove(List<Stored> gone) {
    Set<String> waiting = ids(gone.stream().filter(one -> one.death().isEmpty()));
    Set<String> dead = ids(gone.stream().filter(one -> one.death().isPresent()));
    if (!waiting.isEmpty()) {
      store.remove(topic, subscription, waiting);
    }
    if (!dead.isEmpty()) {
      int unused = letters().purge(letter -> dead.contains(letter.message().id()));
    }
  }

  private DeadLetters letters() {
    return store.deadLetters(topic, subscription);
  }

  private static Set<String> ids(Stream<Stored> of) {
    return of.map(one -> one.message().id()).collect(toSet());
  }

  @Override
  public void close() {}
}
