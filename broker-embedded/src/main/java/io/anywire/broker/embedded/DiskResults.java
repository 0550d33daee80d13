package io.anywire.broker.embedded;

import io.anywire.broker.Message;
import io.anywire.broker.Results;
import io.anywire.broker.embedded.journal.Append;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Results and choices in the journal; what has expired is not shown, and goes at a checkpoint. */
final class DiskResults implements Results {
  private final DiskStore store;
  private final DiskState state;

  DiskResults(DiskStore store, DiskState state) {
    this.store = store;
    this.state = state;
  }

  @Override
  public CompletionStage<Void> put(String id, Message value, Duration keep) {
    try {
      EmbeddedBroker.checkSize(value, store.capabilities());
      value.requireText();
      long until = DiskStore.due(keep);
      byte[] record = Records.result(id, until, value);
      store.requireRoom(record.length);
      return store.taken(record, Append.LEAVES_MOST, position -> state.result(id, until, position));
    } catch (StatusRuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletionStage<Boolean> choose(String id, int choice, Duration keep) {
    long now = System.currentTimeMillis();
    long until = DiskStore.due(keep);
    return store.changed(
        Records.choice(id, choice, until, now), position -> state.choice(id, choice, until, now));
  }

  @Override
  public CompletionStage<Optional<Message>> get(String id) {
    DiskState.Kept kept = state.results().get(id);
    if (kept == null || kept.until() < System.currentTimeMillis()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return store.messages(List.of(kept.position())).thenApply(all -> Optional.of(all.getFirst()));
  }
}
