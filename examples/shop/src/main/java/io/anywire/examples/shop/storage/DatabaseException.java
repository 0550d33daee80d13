package io.anywire.examples.shop.storage;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;

/** What a database refused, or why it could not be reached. */
public sealed class DatabaseException extends RuntimeException permits UniqueViolation {
  private static final long serialVersionUID = 1;
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String LOCK_TIMEOUT = "HYT00";

  private final SQLException failure;

  DatabaseException(SQLException failure) {
    super(failure.getMessage(), failure);
    this.failure = failure;
  }

  /** The exception that tells what {@code failure} means. */
  static DatabaseException of(SQLException failure) {
    return UNIQUE_VIOLATION.equals(failure.getSQLState())
        ? new UniqueViolation(failure)
        : new DatabaseException(failure);
  }

  /** Whether the same transaction may succeed when it is run again: deadlocks, serialization. */
  boolean repeatable() {
    return isOfClass("40") || LOCK_TIMEOUT.equals(failure.getSQLState());
  }

  /** Whether the database is away, or too busy to give a connection. */
  boolean unreachable() {
    return failure instanceof SQLTransientConnectionException
        || failure instanceof SQLRecoverableException
        || isOfClass("08")
        || isOfClass("57P");
  }

  private boolean isOfClass(String prefix) {
    String state = failure.getSQLState();
    return state != null && state.startsWith(prefix);
  }
}
