package io.anywire.examples.shop.users;

import java.util.List;

/**
 * How the user service is run.
 *
 * @param listen where it is called directly: {@code http://} URLs for REST and gRPC
 * @param broker the URL of the broker for calls, tasks and events
 * @param database a JDBC URL of H2 or PostgreSQL, or a folder for an H2 file
 */
public record UserConfig(List<String> listen, String broker, String database) {
  public UserConfig {
    listen = List.copyOf(listen);
  }
}
