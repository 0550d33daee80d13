package io.anywire.examples.shop.storage;

import io.anywire.messaging.deliver.Received;
import io.grpc.Status;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes an event's effect happen once although events come at least once: a row with the
 * event's identity, in the transaction that has the effect. Thread-safe.
 */
public final class Inbox {
  private static final Logger log = LoggerFactory.getLogger(Inbox.class);
  private static final int KEPT_DAYS = 30;

  private final Database database;
  private final String table;

  /** The inbox that {@code table} is. */
  public Inbox(Database database, String table) {
    this.database = database;
    this.table = table;
  }

  /** The statements that make the table. */
  public static List<String> schema(String table) {
    return List.of(
        """
        CREATE TABLE IF NOT EXISTS %s (
          source VARCHAR(200) NOT NULL,
          id VARCHAR(200) NOT NULL,
          handled TIMESTAMP(6) WITH TIME ZONE NOT NULL,
          PRIMARY KEY (source, id))
        """
            .formatted(table));
  }

  /**
   * Begins to drop what is older than any event still delivered, in a thread of its own: the table
   * may be large, and nobody needs to wait for that.
   */
  public void forgetOld() {
    Thread.ofVirtual().name("forget-old-" + table).start(this::deleteOld);
  }

  private void deleteOld() {
    try {
      OffsetDateTime oldest = OffsetDateTime.now(ZoneOffset.UTC).minusDays(KEPT_DAYS);
      database.transaction(tx -> tx.update("DELETE FROM " + table + " WHERE handled < ?", oldest));
    } catch (RuntimeException e) {
      log.atDebug().addKeyValue("inbox", table).setCause(e).log("Old events are not dropped yet");
    }
  }

  /**
   * Has an effect, unless the event that is being handled has had it already.
   *
   * @throws io.grpc.StatusRuntimeException {@code ABORTED} when the same event is being handled
   *     elsewhere at the same time
   * @throws IllegalStateException when the current call did not come as an event
   */
  public void once(Consumer<Transaction> effect) {
    Received event =
        Received.current()
            .orElseThrow(() -> new IllegalStateException("not an event, and so without identity"));
    once(event.source(), event.id(), effect);
  }

  /**
   * Has an effect, unless this event has had it already.
   *
   * @param source who published the event; its ids are unique in itself only
   * @throws io.grpc.StatusRuntimeException {@code ABORTED} when the same event is being handled
   *     elsewhere at the same time
   */
  public void once(String source, String id, Consumer<Transaction> effect) {
    database.transaction(tx -> {
      if (record(tx, source, id)) {
        effect.accept(tx);
      }
      return true;
    });
  }

  /** Whether the event had not been recorded before. */
  private boolean record(Transaction tx, String source, String id) {
    boolean known =
        tx.find(
                "SELECT 1 FROM " + table + " WHERE source = ? AND id = ?",
                row -> row.getInt(1),
                source,
                id)
            .isPresent();
    if (!known) {
      insert(tx, source, id);
    }
    return !known;
  }

  /** What the effect violates is its own affair, so only this violation means the same event. */
  private void insert(Transaction tx, String source, String id) {
    try {
      tx.update(
          "INSERT INTO " + table + " (source, id, handled) VALUES (?, ?, ?)",
          source,
          id,
          OffsetDateTime.now(ZoneOffset.UTC));
    } catch (UniqueViolation e) {
      throw Status.ABORTED
          .withDescription("event " + id + " is being handled elsewhere")
          .withCause(e)
          .asRuntimeException();
    }
  }
}
