package io.anywire.examples.shop.storage;

import com.google.protobuf.Empty;
import com.google.protobuf.MessageLite;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events that are published because a transaction was committed, and only then. An event is a row
 * of that transaction; a thread of this class publishes what is there right after the commit, in
 * order, and deletes a row when the broker has taken its event. What is left over, because the
 * broker was away or the process died, is tried again at the start and every second, with the same
 * event id.
 *
 * <p>So an event is published at least once, and callers do not wait for the broker. One that the
 * broker does not take keeps those behind it waiting, except where the event is at fault (see
 * {@link OutboxPublisher}): its row stays, and the others go on. Several processes may share the
 * table; the order then holds for what each of them publishes. Thread-safe.
 */
public final class Outbox implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);
  private static final int BATCH = 100;

  /** How long a close goes on publishing: others may add as fast as this one publishes. */
  private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How far a batch came, and whether there may be more behind it. */
  private record Batch(long last, boolean more) {}

  private final Database database;
  private final String table;
  private final OutboxPublisher publisher;
  private final Map<String, MethodDescriptor<?, ?>> methods;
  private final Semaphore work = new Semaphore(1);
  private final Thread thread;
  private volatile boolean closed;
  private volatile long closedAt;

  /**
   * Starts to publish what {@code table} holds.
   *
   * @param events where calls are publications
   * @param contract the methods whose events may be added
   */
  public Outbox(Database database, String table, Channel events, ServiceDescriptor contract) {
    this.database = database;
    this.table = table;
    this.methods =
        contract.getMethods().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    MethodDescriptor::getFullMethodName, Function.identity()));
    this.publisher = new OutboxPublisher(events, methods);
    this.thread = Thread.ofPlatform().daemon().name(table).start(this::publishUntilClosed);
  }

  /** The statements that make the table. */
  public static List<String> schema(String table) {
    return List.of(
        """
        CREATE TABLE IF NOT EXISTS %s (
          position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          id VARCHAR(36) NOT NULL,
          method VARCHAR(200) NOT NULL,
          event BYTEA NOT NULL)
        """
            .formatted(table));
  }

  /** Adds an event to what is published once {@code tx} has been committed. */
  public <E extends MessageLite> void add(
      Transaction tx, MethodDescriptor<E, Empty> method, E event) {
    if (!methods.containsKey(method.getFullMethodName())) {
      throw new IllegalArgumentException(
          "event: " + method.getFullMethodName() + " (expected: one of " + methods.keySet() + ")");
    }
    tx.update(
        "INSERT INTO " + table + " (id, method, event) VALUES (?, ?, ?)",
        UUID.randomUUID().toString(),
        method.getFullMethodName(),
        event.toByteArray());
    tx.afterCommit(work::release);
  }

  /**
   * Publishes what is there, as far as the broker takes it, for up to 5 s, and ends. What is left
   * stays in the table, for whoever opens or shares it. Idempotent.
   */
  @Override
  public void close() {
    if (!closed) {
      closedAt = System.nanoTime();
      closed = true;
    }
    work.release();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void publishUntilClosed() {
    boolean last;
    do {
      awaitWork();
      last = closed;
      try {
        publishAll();
      } catch (RuntimeException e) {
        log.atWarn().addKeyValue("outbox", table).setCause(e).log("Events wait in the outbox");
      }
    } while (!last);
  }

  private void awaitWork() {
    try {
      if (work.tryAcquire(1, TimeUnit.SECONDS)) {
        work.drainPermits();
      }
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  /** Goes through the table once, past the rows that can never be published. */
  private void publishAll() {
    Batch batch = new Batch(0, true);
    while (batch.more()) {
      batch = publishAfter(batch.last());
    }
  }

  /** Publishes the oldest rows behind {@code position} that nobody else is publishing. */
  private Batch publishAfter(long position) {
    return database.transaction(tx -> {
      List<OutboxRow> rows =
          tx.list(
              "SELECT position, id, method, event FROM "
                  + table
                  + " WHERE position > ? ORDER BY position FETCH FIRST "
                  + BATCH
                  + " ROWS ONLY FOR UPDATE SKIP LOCKED",
              r -> new OutboxRow(r.getLong(1), r.getString(2), r.getString(3), r.getBytes(4)),
              position);
      return publish(tx, rows);
    });
  }

  private boolean isTimeUp() {
    return closed && System.nanoTime() - closedAt > CLOSING_NANOS;
  }

  /** One after the other, up to the first that has to wait: what is behind it waits too. */
  private Batch publish(Transaction tx, List<OutboxRow> rows) {
    long last = 0;
    for (OutboxRow row : rows) {
      if (isTimeUp()) {
        return new Batch(last, false);
      }
      last = row.position();
      switch (publisher.publish(row)) {
        case TAKEN -> tx.update("DELETE FROM " + table + " WHERE position = ?", last);
        case UNFIT -> {
          // Stays, for somebody to look at.
        }
        case LATER -> {
          return new Batch(last, false);
        }
      }
    }
    return new Batch(last, rows.size() == BATCH);
  }
}
