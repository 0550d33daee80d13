package io.anywire.messaging.publish;

import io.anywire.broker.Broker;
import io.anywire.broker.Publication;
import io.grpc.CallOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Publications that are held back until all of them can go in one round trip. What comes after
 * {@link #flush}, because an interceptor took its time, goes by itself. Thread-safe.
 */
public final class Batch {
  /** The batch that a call's publication joins; null for none. */
  public static final CallOptions.Key<@Nullable Batch> KEY =
      CallOptions.Key.create("anywire-batch");

  private record Held(Publication publication, CompletableFuture<Void> taken) {}

  private final List<Held> held = new ArrayList<>();
  private @Nullable Broker broker;
  private boolean flushed;

  CompletionStage<Void> publish(Broker to, Publication publication) {
    synchronized (held) {
      if (!flushed) {
        broker = to;
        Held one = new Held(publication, new CompletableFuture<>());
        held.add(one);
        return one.taken();
      }
    }
    return to.publish(publication);
  }

  /** Publishes what is held back. */
  public void flush() {
    List<Held> all;
    synchronized (held) {
      flushed = true;
      all = List.copyOf(held);
      held.clear();
    }
    if (!all.isEmpty()) {
      Broker to = Objects.requireNonNull(broker);
      List<CompletionStage<Void>> results =
          to.publishAll(all.stream().map(Held::publication).toList());
      for (int i = 0; i < all.size(); i++) {
        complete(all.get(i).taken(), results.get(i));
      }
    }
  }

  private static void complete(CompletableFuture<Void> taken, CompletionStage<Void> result) {
    result.whenComplete((done, failure) -> {
      if (failure == null) {
        taken.complete(null);
      } else {
        taken.completeExceptionally(failure);
      }
    });
  }
}
