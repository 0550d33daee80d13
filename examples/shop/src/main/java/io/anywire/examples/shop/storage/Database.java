package io.anywire.examples.shop.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.grpc.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * One service's database: H2 or PostgreSQL, its tables made when it is opened. Thread-safe.
 *
 * <p>A transaction that met another one (a deadlock, a serialization failure) is run again twice
 * and then {@code ABORTED}. A database that is away, or busy for more than {@value
 * #CONNECTION_MILLIS} ms, is {@code UNAVAILABLE}.
 */
public final class Database implements AutoCloseable {
  private static final int CONNECTIONS = 16;
  private static final int CONNECTION_MILLIS = 5_000;
  private static final int ATTEMPTS = 3;

  /** What a transaction does; run again from its beginning when it met another one. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it; what this throws rolls the transaction back. */
    T run(Transaction tx);
  }

  private final CompletableFuture<HikariDataSource> pool;

  private Database(CompletableFuture<HikariDataSource> pool) {
    this.pool = pool;
  }

  /**
   * Begins to open a database in a thread of its own, so that the rest of a service starts
   * meanwhile; {@link #awaitOpen} tells how that went, and transactions wait for it.
   *
   * @param url a JDBC URL, or a folder for an H2 file
   * @param name the name of the file and of the pool's threads
   * @param schema statements that make the tables where they are missing
   */
  public static Database open(String url, String name, List<String> schema) {
    CompletableFuture<HikariDataSource> pool = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("open-database-" + name)
        .daemon()
        .start(() -> complete(pool, DatabaseUrl.of(url, name), name, schema));
    return new Database(pool);
  }

  /**
   * Waits until the database is open.
   *
   * @throws IllegalStateException when it cannot be opened, with the reason
   */
  public void awaitOpen() {
    try {
      pool.join();
    } catch (CompletionException e) {
      throw new IllegalStateException(rootMessage(e), e);
    }
  }

  /**
   * Runs a transaction and commits it.
   *
   * @return what {@code work} returned
   * @throws UniqueViolation when a key is taken
   * @throws io.grpc.StatusRuntimeException {@code ABORTED} or {@code UNAVAILABLE}, see above
   */
  public <T> T transaction(Work<T> work) {
    awaitOpen();
    for (int attempt = 1; ; attempt++) {
      try {
        return runOnce(work);
      } catch (DatabaseException e) {
        if (e.unreachable()) {
          throw Status.UNAVAILABLE
              .withDescription("the database is not available")
              .withCause(e)
              .asRuntimeException();
        }
        if (!e.repeatable()) {
          throw e;
        }
        if (attempt == ATTEMPTS) {
          throw Status.ABORTED
              .withDescription("the same rows are being changed by others")
              .withCause(e)
              .asRuntimeException();
        }
      }
    }
  }

  /** Ends all connections. Idempotent. */
  @Override
  public void close() {
    pool.thenAccept(HikariDataSource::close);
  }

  private <T> T runOnce(Work<T> work) {
    Transaction tx;
    T result;
    try (Connection connection = pool.join().getConnection()) {
      tx = new Transaction(connection);
      try {
        result = work.run(tx);
        connection.commit();
      } catch (Throwable t) {
        rollback(connection, t);
        throw t;
      }
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
    tx.committed();
    return result;
  }

  private static void rollback(Connection connection, Throwable reason) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  private static void complete(
      CompletableFuture<HikariDataSource> pool, String url, String name, List<String> schema) {
    try {
      HikariDataSource opened = new HikariDataSource(config(url, name));
      Database database = new Database(CompletableFuture.completedFuture(opened));
      createTables(database, schema);
      pool.complete(opened);
    } catch (Throwable t) {
      pool.completeExceptionally(t);
    }
  }

  private static HikariConfig config(String url, String name) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setPoolName(name);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECTION_MILLIS);
    config.setAutoCommit(false);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    return config;
  }

  /** Two instances may come up together and make the same table: the loser finds it there. */
  private static void createTables(Database database, List<String> schema) {
    try {
      database.transaction(tx -> schema.stream().mapToInt(tx::update).sum());
    } catch (UniqueViolation e) {
      database.transaction(tx -> schema.stream().mapToInt(tx::update).sum());
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? "cannot open the database: " + failure.getMessage() : rootMessage(cause);
  }
}
