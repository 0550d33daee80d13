package io.anywire.examples.shop.storage;

import java.nio.file.Path;
import java.util.Locale;

/** Where a service keeps its tables: a JDBC URL, or a folder for an H2 file. */
final class DatabaseUrl {
  private static final String JDBC = "jdbc:";
  private static final String H2 = "jdbc:h2:";

  private DatabaseUrl() {}

  /**
   * The JDBC URL that {@code given} means.
   *
   * @param name the file's name, where {@code given} is a folder
   */
  static String of(String given, String name) {
    String url =
        given.startsWith(JDBC) ? given : H2 + "file:" + Path.of(given, name).toAbsolutePath();
    return url.startsWith(H2) ? safe(url) : url;
  }

  /**
   * H2 writes a commit up to half a second later, and closes itself when the process is asked to
   * stop, unless it is told that a commit is a promise and that calls may still be running.
   */
  private static String safe(String url) {
    return with(with(url, "WRITE_DELAY", "0"), "DB_CLOSE_ON_EXIT", "FALSE");
  }

  private static String with(String url, String setting, String value) {
    return url.toUpperCase(Locale.ROOT).contains(";" + setting + "=")
        ? url
        : url + ";" + setting + "=" + value;
  }
}
