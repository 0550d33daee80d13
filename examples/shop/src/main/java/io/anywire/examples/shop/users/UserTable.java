package io.anywire.examples.shop.users;

import io.anywire.examples.shop.request.Page;
import io.anywire.examples.shop.storage.Timestamps;
import io.anywire.examples.shop.storage.Transaction;
import io.anywire.examples.shop.v1.User;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Users as rows. An id and an e-mail address are taken by one user only. */
final class UserTable {
  static final String SCHEMA =
      """
      CREATE TABLE IF NOT EXISTS users (
        id VARCHAR(64) PRIMARY KEY,
        name VARCHAR(200) NOT NULL,
        email VARCHAR(254) NOT NULL UNIQUE,
        order_count INT NOT NULL,
        create_time TIMESTAMP(6) WITH TIME ZONE NOT NULL)
      """;

  private static final String SELECT =
      "SELECT id, name, email, order_count, create_time FROM users";

  private UserTable() {}

  static void insert(Transaction tx, User user) {
    tx.update(
        "INSERT INTO users (id, name, email, order_count, create_time) VALUES (?, ?, ?, ?, ?)",
        user.getId(),
        user.getName(),
        user.getEmail(),
        user.getOrderCount(),
        Timestamps.toColumn(user.getCreateTime()));
  }

  static Optional<User> find(Transaction tx, String id) {
    return tx.find(SELECT + " WHERE id = ?", UserTable::read, id);
  }

  /** Finds a user, and keeps others from changing it until the transaction ends. */
  static Optional<User> lock(Transaction tx, String id) {
    return tx.find(SELECT + " WHERE id = ? FOR UPDATE", UserTable::read, id);
  }

  static List<User> list(Transaction tx, Page page) {
    return tx.list(
        SELECT + " WHERE id > ? ORDER BY id FETCH FIRST ? ROWS ONLY",
        UserTable::read,
        page.after(),
        page.rows());
  }

  static void update(Transaction tx, User user) {
    tx.update(
        "UPDATE users SET name = ?, email = ? WHERE id = ?",
        user.getName(),
        user.getEmail(),
        user.getId());
  }

  static boolean delete(Transaction tx, String id) {
    return tx.update("DELETE FROM users WHERE id = ?", id) == 1;
  }

  static boolean addOrder(Transaction tx, String id) {
    return tx.update("UPDATE users SET order_count = order_count + 1 WHERE id = ?", id) == 1;
  }

  private static User read(ResultSet row) throws SQLException {
    return User.newBuilder()
        .setId(row.getString(1))
        .setName(row.getString(2))
        .setEmail(row.getString(3))
        .setOrderCount(row.getInt(4))
        .setCreateTime(Timestamps.fromColumn(row.getObject(5, OffsetDateTime.class)))
        .build();
  }
}
