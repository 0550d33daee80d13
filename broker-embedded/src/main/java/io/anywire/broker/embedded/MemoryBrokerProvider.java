package io.anywire.broker.embedded;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.broker.BrokerProvider;
import io.anywire.wire.Parameters;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Opens {@code memory:NAME}. All who open one name in a process share one broker; it goes, with all
 * that it keeps, when the last of them closes it. {@code ?capacity=MIB} bounds what it holds, 256
 * MiB by default; {@code history=SIZE} what it remembers of past events, for subscriptions that are
 * made later: 16 MiB by default, and nothing with {@code history=0}.
 */
public final class MemoryBrokerProvider implements BrokerProvider {
  private static final Map<String, MemoryStore> STORES = new HashMap<>();
  private static final Map<MemoryStore, Integer> HOLDERS = new HashMap<>();

  @Override
  public Set<String> schemes() {
    return Set.of("memory");
  }

  @Override
  public Broker open(WireUrl url, Anywire anywire) {
    if (!url.hosts().isEmpty()) {
      throw new IllegalArgumentException(url + ": a host (expected: memory:NAME, without one)");
    }
    Parameters parameters = Parameters.of(url);
    long capacity = (long) parameters.number("capacity", 256, 1, 9_999_999) << 20;
    int history = parameters.bytes("history", 16 << 20, 0, Integer.MAX_VALUE);
    parameters.requireNoOthers();
    synchronized (STORES) {
      MemoryStore store =
          STORES.computeIfAbsent(url.path(), name -> new MemoryStore(capacity, history));
      HOLDERS.merge(store, 1, Integer::sum);
      return new EmbeddedBroker(store, () -> release(url.path(), store));
    }
  }

  private static void release(String name, MemoryStore store) {
    synchronized (STORES) {
      if (HOLDERS.merge(store, -1, Integer::sum) == 0) {
        HOLDERS.remove(store);
        STORES.remove(name);
        store.close();
      }
    }
  }
}
