package io.anywire.messaging.envelope;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what should not happen, and says so in the log, at most once a second however often it
 * does. Thread-safe.
 */
public final class Counted {
  private static final Logger log = LoggerFactory.getLogger(Counted.class);
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final String what;
  private final String where;
  private final LongAdder count = new LongAdder();
  private final AtomicLong nextSaid = new AtomicLong(System.nanoTime());

  /**
   * @param what a sentence: {@code Dropped a frame that cannot be decoded}
   * @param where the queue, topic or inbox
   */
  public Counted(String what, String where) {
    this.what = what;
    this.where = where;
  }

  /** One more. */
  public void add(String reason) {
    count.increment();
    long now = System.nanoTime();
    long due = nextSaid.get();
    if (now - due >= 0 && nextSaid.compareAndSet(due, now + PAUSE)) {
      log.atWarn()
          .addKeyValue("where", where)
          .addKeyValue("total", count.sum())
          .addKeyValue("last", reason)
          .log(what);
    }
  }

  /** How many so far. */
  public long total() {
    return count.sum();
  }
}
