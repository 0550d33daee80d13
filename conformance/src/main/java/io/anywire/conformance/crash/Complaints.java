package io.anywire.conformance.crash;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What was found to be wrong. Thread-safe. */
final class Complaints {
  private final Map<Wrong, Queue<String>> all = new ConcurrentHashMap<>();

  void add(Wrong what, String words) {
    all.computeIfAbsent(what, w -> new ConcurrentLinkedQueue<>()).add(words);
  }

  /** What was found of one kind, in the order in which it was. */
  List<String> of(Wrong what) {
    return List.copyOf(all.getOrDefault(what, new ConcurrentLinkedQueue<>()));
  }

  boolean none() {
    return all.isEmpty();
  }
}
