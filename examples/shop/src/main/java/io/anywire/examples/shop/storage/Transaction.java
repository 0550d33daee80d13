package io.anywire.examples.shop.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A transaction that runs. All methods throw {@link DatabaseException}, which rolls it back unless
 * it is caught. For the thread that runs it only, and only while it runs.
 */
public final class Transaction {
  private final Connection connection;
  private final List<Runnable> afterCommit = new ArrayList<>(1);

  Transaction(Connection connection) {
    this.connection = connection;
  }

  /** Makes something of the current row. */
  @FunctionalInterface
  public interface RowReader<T> {
    /** Reads columns, by their numbers from 1; moves nowhere. */
    T read(ResultSet row) throws SQLException;
  }

  /** Runs a statement that returns no rows, and says how many it changed. */
  public int update(String sql, Object... arguments) {
    try (PreparedStatement statement = prepared(sql, arguments)) {
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /** All rows of a query. */
  public <T> List<T> list(String sql, RowReader<T> reader, Object... arguments) {
    try (PreparedStatement statement = prepared(sql, arguments);
        ResultSet rows = statement.executeQuery()) {
      List<T> found = new ArrayList<>();
      while (rows.next()) {
        found.add(reader.read(rows));
      }
      return found;
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /** The first row of a query. */
  public <T> Optional<T> find(String sql, RowReader<T> reader, Object... arguments) {
    return list(sql, reader, arguments).stream().findFirst();
  }

  /** Runs {@code action} in this thread once the transaction has been committed. */
  public void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  void committed() {
    afterCommit.forEach(Runnable::run);
  }

  private PreparedStatement prepared(String sql, Object... arguments) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }
}
