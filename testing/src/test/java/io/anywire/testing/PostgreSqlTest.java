package io.anywire.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PostgreSqlTest {
  @Test
  void stores_rows_and_reads_them_back() throws Exception {
    try (Connection connection = DriverManager.getConnection(PostgreSql.shared().newDatabase());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL)");
      statement.execute("INSERT INTO users VALUES (1, 'Ada'), (2, 'Grace')");

      try (ResultSet row = statement.executeQuery("SELECT name FROM users WHERE id = 2")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getString(1)).isEqualTo("Grace");
      }
    }
  }

  @Test
  void gives_each_test_a_database_of_its_own() throws Exception {
    String first = PostgreSql.shared().newDatabase();
    String second = PostgreSql.shared().newDatabase();
    execute(first, "CREATE TABLE only_here (id bigint)");

    assertThatThrownBy(() -> execute(second, "SELECT * FROM only_here"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("only_here");
  }

  @Test
  void is_gone_when_closed() throws Exception {
    PostgreSql server = PostgreSql.start();
    execute(server.jdbcUrl(), "SELECT 1");
    assertThat(server.url())
        .isEqualTo("postgresql://postgres@127.0.0.1:%d/postgres", server.port());

    server.close();
    server.close();

    assertThatThrownBy(() -> execute(server.jdbcUrl(), "SELECT 1"))
        .isInstanceOf(SQLException.class);
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
