package io.anywire.examples.shop.orders;

import java.util.List;

/**
 * How the order service is run.
 *
 * @param listen where it is called directly: {@code http://} URLs for REST and gRPC
 * @param broker the URL of the broker for calls, tasks and events
 * @param database a JDBC URL of H2 or PostgreSQL, or a folder for an H2 file
 * @param users the URL of the user service, over any wire
 */
public record OrderConfig(List<String> listen, String broker, String database, String users) {
  public OrderConfig {
    listen = List.copyOf(listen);
  }
}
