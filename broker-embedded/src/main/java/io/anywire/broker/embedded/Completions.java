package io.anywire.broker.embedded;

import java.util.ArrayList;
import java.util.List;

/**
 * What is to be told when a batch is committed. It is told apart from the writer, since whatever hangs
 * on it may block. For the writer's thread only.
 */
final class Completions {
  private List<Runnable> waiting = new ArrayList<>();

  void add(Runnable telling) {
    waiting.add(telling);
  }

  /** Tells what has been added. */
  void tell() {
    if (!waiting.isEmpty()) {
      List<Runnable> all = waiting;
      waiting = new ArrayList<>(all.size());
      Thread unused = Thread.startVirtualThread(() -> all.forEach(Runnable::run));
    }
  }
}
