package io.anywire.broker.embedded;

import io.anywire.broker.embedded.journal.Append;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * A record that changes the state when it is committed, and what whoever waits for it gets then.
 *
 * @param <T> what that is
 */
final class Change<T> implements Append {
  private final Completions completions;
  private final Supplier<byte[]> records;
  private final LongFunction<T> change;
  private final int leaves;
  private final CompletableFuture<T> result = new CompletableFuture<>();

  /**
   * @param records asked for by the writer
   * @param change called by the writer with the position
   */
  Change(Completions completions, Supplier<byte[]> records, LongFunction<T> change) {
    this(completions, records, change, 0);
  }

  /** The same for one that is refused unless so many segments are left. */
  Change(Completions completions, Supplier<byte[]> records, LongFunction<T> change, int leaves) {
    this.leaves = leaves;
    this.completions = completions;
    this.records = records;
    this.change = change;
  }

  CompletableFuture<T> result() {
    return result;
  }

  @Override
  public int leaves() {
    return leaves;
  }

  @Override
  public byte[] records() {
    return records.get();
  }

  @Override
  public void committed(long position) {
    T value = change.apply(position);
    completions.add(() -> result.complete(value));
  }

  @Override
  public void failed(StatusRuntimeException why) {
    completions.failed(() -> result.completeExceptionally(why));
  }
}
