package io.anywire.broker.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What is to be told when a batch is committed. It is told apart from the writer, since whatever
 * hangs on it may block. For the writer's thread, but for {@link #failed}.
 */
final class Completions {
  /** Somebody waits to be told. */
  interface Telling {
    void tell();
  }

  private final Executor teller;
  private List<Telling> waiting = new ArrayList<>();

  Completions(Executor teller) {
    this.teller = teller;
  }

  void add(Telling telling) {
    waiting.add(telling);
  }

  /** Tells at once that something failed; for any thread. */
  void failed(Runnable telling) {
    teller.execute(telling);
  }

  /** Tells what has been added. */
  void tell() {
    if (!waiting.isEmpty()) {
      List<Telling> all = waiting;
      waiting = new ArrayList<>(all.size());
      teller.execute(() -> all.forEach(Telling::tell));
    }
  }
}
