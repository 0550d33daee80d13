package io.anywire.messaging.rpc;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells how long requests waited in the broker although clocks disagree. What a caller's clock and
 * ours differ by shows in all its requests alike; what one of them waited shows in that one only.
 * So the smallest difference that was seen of a caller lately is taken for the clocks', and what
 * exceeds it for time spent waiting. A caller's first request is taken not to have waited; its own
 * timer is the authority anyway.
 *
 * <p>Bounded to the {@value #CALLERS} callers seen last. Thread-safe.
 */
final class CallerClocks {
  private static final int CALLERS = 4096;
  private static final long LATELY_MILLIS = 60_000;

  private final Map<String, Seen> byCaller =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
          return size() > CALLERS;
        }
      };

  private record Seen(long smallest, long since) {}

  /**
   * How long a request waited, in milliseconds, at least 0.
   *
   * @param caller the inbox that the request names
   * @param sentAt by the caller's clock
   * @param now by ours
   */
  synchronized long waited(String caller, long sentAt, long now) {
    long difference = now - sentAt;
    Seen seen = byCaller.get(caller);
    if (seen == null || difference < seen.smallest() || now - seen.since() > LATELY_MILLIS) {
      byCaller.put(caller, new Seen(difference, now));
      return 0;
    }
    return difference - seen.smallest();
  }
}
