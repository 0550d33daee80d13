package io.anywire.examples.shop.storage;

import java.sql.SQLException;

/** A row with the same key is there already; the transaction has been rolled back. */
public final class UniqueViolation extends DatabaseException {
  private static final long serialVersionUID = 1;

  UniqueViolation(SQLException failure) {
    super(failure);
  }
}
