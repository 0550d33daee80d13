package io.anywire.examples.shop.storage;

import static io.grpc.stub.ClientCalls.futureUnaryCall;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Empty;
import com.google.protobuf.MessageLite;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
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
 * <p>So an event is published at least once, and callers do not wait for the broker. Several
 * processes may share the table. Thread-safe.
 */
public final class Outbox implements AutoCloseable {
  /** The CloudEvents id of an event, as its publisher names it. */
  private static final Metadata.Key<String> EVENT_ID =
      Metadata.Key.of("anywire-message-id", Metadata.ASCII_STRING_MARSHALLER);

  private static final Logger log = LoggerFactory.getLogger(Outbox.class);
  private static final int BATCH = 100;
  private static final int PUBLISH_SECONDS = 10;

  private record Row(long position, String id, String method, byte[] event) {}

  private final Database database;
  private final String table;
  private final Channel events;
  private final Map<String, MethodDescriptor<?, ?>> methods;
  private final Semaphore work = new Semaphore(1);
  private final Thread publisher;
  private volatile boolean closed;

  /**
   * Starts to publish what {@code table} holds.
   *
   * @param events where calls are publications
   * @param contract the methods whose events may be added
   */
  public Outbox(Database database, String table, Channel events, ServiceDescriptor contract) {
    this.database = database;
    this.table = table;
    this.events = events;
    this.methods =
        contract.getMethods().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    MethodDescriptor::getFullMethodName, Function.identity()));
    this.publisher = Thread.ofPlatform().daemon().name(table).start(this::publishUntilClosed);
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

  /** Publishes what is there, as far as the broker takes it, and ends. Idempotent. */
  @Override
  public void close() {
    closed = true;
    work.release();
    try {
      publisher.join();
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
        while (publishBatch() == BATCH) {
          work.drainPermits();
        }
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

  /** Publishes the oldest rows that nobody else is publishing; returns how many were taken. */
  private int publishBatch() {
    return database.transaction(tx -> {
      List<Row> rows =
          tx.list(
              "SELECT position, id, method, event FROM "
                  + table
                  + " ORDER BY position FETCH FIRST "
                  + BATCH
                  + " ROWS ONLY FOR UPDATE SKIP LOCKED",
              row -> new Row(row.getLong(1), row.getString(2), row.getString(3), row.getBytes(4)));
      Collection<Long> taken = publish(rows);
      taken.forEach(p -> tx.update("DELETE FROM " + table + " WHERE position = ?", p));
      return taken.size();
    });
  }

  /** Publishes all rows at once, and returns the positions of those that the broker took. */
  private Collection<Long> publish(List<Row> rows) {
    List<ListenableFuture<?>> receipts = new ArrayList<>(rows.size());
    rows.forEach(row -> receipts.add(publish(row)));
    List<Long> taken = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      if (isTaken(receipts.get(i), rows.get(i))) {
        taken.add(rows.get(i).position());
      }
    }
    return taken;
  }

  private ListenableFuture<?> publish(Row row) {
    MethodDescriptor<?, ?> method = methods.get(row.method());
    if (method == null) {
      throw new IllegalStateException("an event of an unknown kind: " + row.method());
    }
    return publish(method, row);
  }

  private <E, R> ListenableFuture<R> publish(MethodDescriptor<E, R> method, Row row) {
    Metadata headers = new Metadata();
    headers.put(EVENT_ID, row.id());
    Channel named =
        ClientInterceptors.intercept(events, MetadataUtils.newAttachHeadersInterceptor(headers));
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(PUBLISH_SECONDS, TimeUnit.SECONDS);
    E event = method.parseRequest(new ByteArrayInputStream(row.event()));
    return futureUnaryCall(named.newCall(method, options), event);
  }

  private boolean isTaken(ListenableFuture<?> receipt, Row row) {
    try {
      receipt.get();
      return true;
    } catch (ExecutionException e) {
      log.atWarn()
          .addKeyValue("event", row.method() + " " + row.id())
          .addKeyValue("reason", String.valueOf(e.getMessage()))
          .log("An event waits in the outbox");
      return false;
    } catch (InterruptedException e) {
      closed = true;
      return false;
    }
  }
}
