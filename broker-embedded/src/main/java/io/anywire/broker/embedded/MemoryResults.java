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

  private final MemoryStore store;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final Future<?> sweeping =
      Threads.timerThread().scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.MINUTES);

  MemoryResults(MemoryStore store) {
    this.store = store;
  }

  @Override
  public CompletionStage<Void> put(String id, Message value, Duration keep) {
    try {
      store.take(value, 1);
    } catch (StatusRuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    give(kept.put(id, new Kept(value, System.nanoTime() + keep.toNanos())));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Boolean> putIfAbsent(String id, Message value, Duration keep) {
    try {
      store.take(value, 1);
    } catch (StatusRuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    Kept fresh = new Kept(value, System.nanoTime() + keep.toNanos());
    Kept now =
        kept.compute(
            id,
            (key, before) -> {
              if (before != null && !before.expired()) {
                return before;
              }
              give(before);
              return fresh;
            });
    if (now != fresh) {
      give(fresh);
    }
    return CompletableFuture.completedFuture(now == fresh);
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
