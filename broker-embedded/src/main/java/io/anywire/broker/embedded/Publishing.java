package io.anywire.broker.embedded;

import io.anywire.broker.Message;
import io.anywire.broker.Publication;
import io.anywire.broker.Stored;
import io.anywire.broker.embedded.journal.Append;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Messages on their way into the journal: made into records by those who publish them, who wait for
 * a place when too much is on its way. Thread-safe.
 */
final class Publishing {
  /** How many bytes may wait to be written. */
  private static final int MOST_WAITING = 64 << 20;

  private static final Duration PUT_PATIENCE = Duration.ofSeconds(30);

  private final DiskStore store;
  private final DiskState state;
  private final Semaphore room = new Semaphore(MOST_WAITING);

  /** What the batch that is being committed gives back. Of the writer's only. */
  private int freed;

  Publishing(DiskStore store, DiskState state) {
    this.store = store;
    this.state = state;
  }

  CompletionStage<Void> publish(DiskTopic to, Publication publication) {
    Message message = publication.message();
    message.requireText();
    long nanos = History.nanos(Instant.now());
    long due = DiskStore.due(publication.delay());
    int priority = message.priority();
    byte[] record = Records.message(to.number(), nanos, due, priority, message);
    store.requireRoom(record.length);
    awaitPlace(Math.min(record.length, MOST_WAITING), publication.patience());
    String key = message.key().orElse(null);
    Published published =
        new Published(
            to, new NewMessage(nanos, due, priority, record.length, message, key), record);
    store.append(published);
    return published;
  }

  /** Takes in what another broker had, into one subscription. */
  CompletionStage<Void> put(DiskFeed feed, Stored stored) {
    Message message = stored.message();
    message.requireText();
    long due = stored.due().map(Instant::toEpochMilli).orElse(0L);
    byte[] record = Records.held(feed.number(), due, stored);
    store.requireRoom(record.length);
    int place = Math.min(record.length, MOST_WAITING);
    awaitPlace(place, PUT_PATIENCE);
    boolean dead = stored.death().isPresent();
    CompletionStage<Void> taken =
        store.taken(
            record,
            Append.LEAVES_MOST,
            position ->
                feed.held(message, position, due, message.priority(), stored.attempts(), dead));
    var unused = taken.whenComplete((done, refused) -> room.release(place));
    return taken;
  }

  private void awaitPlace(int bytes, Duration patience) {
    if (room.tryAcquire(bytes)) {
      return;
    }
    try {
      if (!room.tryAcquire(bytes, patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw Status.RESOURCE_EXHAUSTED
            .withDescription("no place to wait in before the store within " + patience)
            .asRuntimeException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
    }
  }

  /** A batch is committed; for the writer's thread. */
  void batchOver() {
    if (freed > 0) {
      room.release(freed);
      freed = 0;
    }
  }

  /** Completed when it is in the journal. */
  private final class Published extends CompletableFuture<Void>
      implements Append, Completions.Telling {
    private final DiskTopic topic;
    private final NewMessage message;
    private final byte[] record;

    Published(DiskTopic topic, NewMessage message, byte[] record) {
      this.topic = topic;
      this.message = message;
      this.record = record;
    }

    @Override
    public int leaves() {
      return LEAVES_MOST;
    }

    @Override
    public byte[] records() {
      return record;
    }

    @Override
    public long lookAhead() {
      long read = message.due();
      for (DiskFeed feed : topic.feeds()) {
        read += feed.lookAhead();
      }
      return read;
    }

    @Override
    public void committed(long position) {
      freed += Math.min(record.length, MOST_WAITING);
      state.message(topic, message, position);
      topic.show(message);
      store.completions().add(this);
    }

    @Override
    public void failed(StatusRuntimeException why) {
      room.release(Math.min(record.length, MOST_WAITING));
      store.completions().failed(() -> completeExceptionally(why));
    }

    @Override
    public void tell() {
      complete(null);
    }
  }
}
