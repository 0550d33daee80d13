package io.anywire.broker.embedded;

import io.anywire.broker.Message;
import io.anywire.broker.Results;
import io.anywire.call.Threads;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Results in a map, within the store's capacity; what has expired is not shown, and swept out once
 * a minute.
 */
final class MemoryResults implements Results, AutoCloseable {
  private record Kept(Message value, long until) {
    boolean expired() {
      return System.nanoTime() - until > 0;
    }
  }

  private record Chosen(int choice, long until) {}

  private final MemoryStore store;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final Map<String, Chosen> chosen = new ConcurrentHashMap<>();
  private final Future<?> sweeping =
      Threads.timerThread().scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.MINUTES);

  MemoryResults(MemoryStore store) {
    this.store = store;
  }

  @Override
  public CompletionStage<Void> put(String id, Message value, Duration keep) {
    try {
      EmbeddedBroker.checkSize(value, store.capabilities());
      store.take(value, 1);
    } catch (StatusRuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    give(kept.put(id, new Kept(value, System.nanoTime() + keep.toNanos())));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Boolean> choose(String id, int choice, Duration keep) {
    Chosen made = new Chosen(choice, System.nanoTime() + keep.toNanos());
    Chosen stands =
        chosen.compute(
            id,
            (key, before) ->
                before == null || System.nanoTime() - before.until() > 0 ? made : before);
    return CompletableFuture.completedFuture(stands.choice() == choice);
  }

  @Override
  public CompletionStage<Optional<Message>> get(String id) {
    Optional<Message> found =
        Optional.ofNullable(kept.get(id)).filter(k -> !k.expired()).map(Kept::value);
    return CompletableFuture.completedFuture(found);
  }

  @Override
  public void close() {
    sweeping.cancel(false);
  }

  private void sweep() {
    chosen.values().removeIf(one -> System.nanoTime() - one.until() > 0);
    kept.forEach((id, one) -> {
      if (one.expired() && kept.remove(id, one)) {
        give(one);
      }
    });
  }

  private void give(@Nullable Kept one) {
    if (one != null) {
      store.give(one.value());
    }
  }
}
