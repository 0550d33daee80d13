package io.anywire.examples.shop.orders;

import io.anywire.examples.shop.request.Page;
import io.anywire.examples.shop.storage.Timestamps;
import io.anywire.examples.shop.storage.Transaction;
import io.anywire.examples.shop.v1.Order;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Orders as rows. */
final class OrderTable {
  static final List<String> SCHEMA =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS orders (
            id VARCHAR(64) PRIMARY KEY,
            user_id VARCHAR(64) NOT NULL,
            item VARCHAR(200) NOT NULL,
            quantity INT NOT NULL,
            state VARCHAR(20) NOT NULL,
            create_time TIMESTAMP(6) WITH TIME ZONE NOT NULL)
          """,
          "CREATE INDEX IF NOT EXISTS orders_of_user ON orders (user_id, id)");

  private static final String SELECT =
      "SELECT id, user_id, item, quantity, state, create_time FROM orders";

  private OrderTable() {}

  static void insert(Transaction tx, Order order) {
    tx.update(
        "INSERT INTO orders (id, user_id, item, quantity, state, create_time)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        order.getId(),
        order.getUserId(),
        order.getItem(),
        order.getQuantity(),
        order.getState().name(),
        Timestamps.toColumn(order.getCreateTime()));
  }

  static Optional<Order> find(Transaction tx, String id) {
    return tx.find(SELECT + " WHERE id = ?", OrderTable::read, id);
  }

  /** Finds an order, and keeps others from changing it until the transaction ends. */
  static Optional<Order> lock(Transaction tx, String id) {
    return tx.find(SELECT + " WHERE id = ? FOR UPDATE", OrderTable::read, id);
  }

  /** The same for all open orders of a user. */
  static List<Order> lockOpen(Transaction tx, String userId) {
    return tx.list(
        SELECT + " WHERE user_id = ? AND state = 'OPEN' ORDER BY id FOR UPDATE",
        OrderTable::read,
        userId);
  }

  static List<Order> list(Transaction tx, Page page) {
    return tx.list(
        SELECT + " WHERE id > ? ORDER BY id FETCH FIRST ? ROWS ONLY",
        OrderTable::read,
        page.after(),
        page.rows());
  }

  static List<Order> listOfUser(Transaction tx, String userId, Page page) {
    return tx.list(
        SELECT + " WHERE user_id = ? AND id > ? ORDER BY id FETCH FIRST ? ROWS ONLY",
        OrderTable::read,
        userId,
        page.after(),
        page.rows());
  }

  static void update(Transaction tx, Order order) {
    tx.update(
        "UPDATE orders SET item = ?, quantity = ?, state = ? WHERE id = ?",
        order.getItem(),
        order.getQuantity(),
        order.getState().name(),
        order.getId());
  }

  static boolean delete(Transaction tx, String id) {
    return tx.update("DELETE FROM orders WHERE id = ?", id) == 1;
  }

  private static Order read(ResultSet row) throws SQLException {
    return Order.newBuilder()
        .setId(row.getString(1))
        .setUserId(row.getString(2))
        .setItem(row.getString(3))
        .setQuantity(row.getInt(4))
        .setState(Order.State.valueOf(row.getString(5)))
        .setCreateTime(Timestamps.fromColumn(row.getObject(6, OffsetDateTime.class)))
        .build();
  }
}
