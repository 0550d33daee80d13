package io.anywire.cli.operate;

import io.anywire.call.Threads;
import io.anywire.cli.Terminal;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Option;

/** Says once a second how far something is, where a person waits for it. Not thread-safe. */
final class Progress {
  @Option(
      names = "--progress",
      description = "Say on standard error how far it is, also where that is no terminal.")
  private boolean asked;

  /** What is counted while it is done. */
  interface Work {
    long with(AtomicLong soFar);
  }

  /**
   * Does something.
   *
   * @param verb what is done: {@code replayed}
   * @return how many
   */
  long of(String verb, Terminal terminal, Work work) {
    AtomicLong soFar = new AtomicLong();
    long start = System.nanoTime();
    if (!asked && !Boolean.getBoolean("anywire.terminal.err")) {
      return work.with(soFar);
    }
    Future<?> telling =
        Threads.timerThread()
            .scheduleAtFixedRate(
                () -> tell(verb, soFar.get(), start, terminal), 1, 1, TimeUnit.SECONDS);
    try {
      long count = work.with(soFar);
      if (asked) {
        tell(verb, count, start, terminal);
      }
      return count;
    } finally {
      telling.cancel(false);
    }
  }

  private static void tell(String verb, long count, long start, Terminal terminal) {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    terminal.err().println(verb + ": " + count + " after " + seconds + " s");
  }
}
