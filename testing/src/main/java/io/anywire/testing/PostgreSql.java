package io.anywire.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A PostgreSQL server of a test's own, from binaries that Maven brings; works for root too. Takes
 * about three seconds to start; tests that do no harm to the server take a {@link #newDatabase()}
 * of the {@link #shared()} one. Thread-safe.
 */
public final class PostgreSql implements AutoCloseable {
  private static final String USER = "postgres";
  private static final String DATABASE = "postgres";

  private final EmbeddedPostgres server;
  private final AtomicInteger databases = new AtomicInteger();

  private PostgreSql(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * Starts a server and waits until it takes connections.
   *
   * @throws UncheckedIOException if it does not come up
   */
  public static PostgreSql start() {
    try {
      return new PostgreSql(EmbeddedPostgres.builder().setPort(FreePorts.next()).start());
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL does not start", e);
    }
  }

  /** The one server that all tests of this JVM share; stopped when the JVM exits. */
  public static PostgreSql shared() {
    return Shared.SERVER;
  }

  /** The port on the loopback address. */
  public int port() {
    return server.getPort();
  }

  /** The JDBC URL of the server's first database, user included; there is no password. */
  public String jdbcUrl() {
    return jdbcUrl(DATABASE);
  }

  /** The same database as a broker's URL: {@code postgresql://postgres@127.0.0.1:PORT/postgres}. */
  public String url() {
    return "postgresql://%s@127.0.0.1:%d/%s".formatted(USER, port(), DATABASE);
  }

  /** Creates an empty database that no other test uses, and returns its JDBC URL. */
  public String newDatabase() {
    String name = "test" + databases.incrementAndGet();
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create database " + name, e);
    }
    return jdbcUrl(name);
  }

  /** Stops the server and deletes its data. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL does not stop", e);
    }
  }

  private String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s".formatted(port(), database, USER);
  }

  private static final class Shared {
    private static final PostgreSql SERVER = PostgreSql.start();

    static {
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("stop-postgresql").unstarted(SERVER::close));
    }
  }
}
