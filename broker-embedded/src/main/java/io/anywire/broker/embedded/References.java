package io.anywire.broker.embedded;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a state points into the journal, and whether what it means is there: the places that are
 * wanted are sorted once, and then struck off in the order of the journal. Not thread-safe.
 */
final class References {
  /** Takes each place that something points to. */
  interface Each {
    /**
     * @param kind the kind of record that has to be there
     * @param owner the number of the topic, or of the subscription of a dead letter; else 0
     * @param by what points there, in words
     */
    void reference(long position, int kind, int owner, String by);
  }

  /** Sorted places that one kind of record of one owner has to be at. */
  private static final class Wanted {
    private final String by;
    private long[] places = new long[16];
    private int size;
    private int next;

    Wanted(String by) {
      this.by = by;
    }

    void add(long place) {
      if (size == places.length) {
        places = Arrays.copyOf(places, 2 * size);
      }
      places[size++] = place;
    }

    /** Strikes off what is wanted there; what is wanted before is not there. */
    void found(long position, Missing missing) {
      while (next < size && places[next] < position) {
        missing.missing(places[next++], by);
      }
      while (next < size && places[next] == position) {
        next++;
      }
    }
  }

  /** Takes what is not there. */
  interface Missing {
    void missing(long position, String by);
  }

  private record Key(int kind, int owner) {}

  private final Map<Key, Wanted> all = new HashMap<>();

  /** All that {@code state} has. */
  References(DiskState state) {
    each(
        state,
        (position, kind, owner, by) ->
            all.computeIfAbsent(new Key(kind, owner), k -> new Wanted(by)).add(position));
    all.values().forEach(wanted -> Arrays.sort(wanted.places, 0, wanted.size));
  }

  /** A record is there. To be told in their order. */
  void found(long position, int kind, int owner, Missing missing) {
    Wanted wanted = all.get(new Key(kind, owner));
    if (wanted != null) {
      wanted.found(position, missing);
    }
  }

  /** No more records come. */
  void end(Missing missing) {
    all.values().forEach(wanted -> wanted.found(Long.MAX_VALUE, missing));
  }

  /** Counts what points into one part of the journal, by what it is. */
  static Map<String, Long> into(DiskState state, long part, int partBytes) {
    Map<String, Long> counts = new TreeMap<>();
    each(
        state,
        (position, kind, owner, by) -> {
          if (position / partBytes == part) {
            counts.merge(by, 1L, Long::sum);
          }
        });
    return counts;
  }

  private static void each(DiskState state, Each to) {
    for (DiskTopic topic : state.topics().values()) {
      for (DiskFeed feed : topic.feeds()) {
        each(topic, feed, to);
      }
    }
    state
        .results()
        .values()
        .forEach(one -> to.reference(one.position(), Records.RESULT, 0, "results"));
    state
        .history()
        .forEach(
            (topic, position) -> to.reference(position, Records.MESSAGE, topic, "past events"));
  }

  private static void each(DiskTopic topic, DiskFeed feed, Each to) {
    String name = topic.topic().name() + "/" + feed.name();
    String waiting = "messages of " + name;
    String dead = "dead letters of " + name;
    for (Ledger.Open one : feed.ledger().all()) {
      String by = one.dead == 0 ? waiting : dead;
      to.reference(one.position, Records.MESSAGE, topic.number(), by);
      if (one.dead != 0) {
        to.reference(one.dead, Records.DEAD, feed.number(), by);
      }
    }
    feed.ledger()
        .eachDeferred(place -> to.reference(place, Records.MESSAGE, topic.number(), waiting));
  }
}
