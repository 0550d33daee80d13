package io.anywire.examples.shop;

import io.anywire.testing.PostgreSql;
import java.nio.file.Path;

/** The databases that the shop runs on. */
enum Databases {
  H2 {
    @Override
    String fresh(Path folder) {
      return folder.toString();
    }
  },
  POSTGRESQL {
    @Override
    String fresh(Path folder) {
      return PostgreSql.shared().newDatabase();
    }
  };

  /** An empty one: a JDBC URL, or a folder. */
  abstract String fresh(Path folder);
}
