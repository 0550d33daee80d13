package io.anywire.examples.shop.users;

import io.anywire.WireUrl;
import io.anywire.examples.shop.Foundation;
import io.anywire.examples.shop.v1.UserEventsGrpc;
import java.util.List;

/** The user service and the greeter, running. Thread-safe. */
public final class UserService implements AutoCloseable {
  private final Foundation foundation;

  private UserService(Foundation foundation) {
    this.foundation = foundation;
  }

  /**
   * Starts the service; when this returns, every wire answers.
   *
   * @throws IllegalArgumentException when an URL is malformed or its scheme unknown
   * @throws IllegalStateException when the database cannot be opened
   * @throws java.io.UncheckedIOException when an address cannot be bound
   * @throws io.grpc.StatusRuntimeException {@code UNAVAILABLE} when the broker cannot be reached
   */
  public static UserService start(UserConfig config) {
    Foundation foundation =
        Foundation.lay(
            "users",
            config.broker(),
            config.database(),
            List.of(UserTable.SCHEMA),
            UserEventsGrpc.getServiceDescriptor());
    try {
      UserHandler users = new UserHandler(foundation.database(), foundation.outbox());
      foundation.serve(
          config.listen(),
          List.of(users, new Greetings()),
          new OrderCounter(foundation.inbox(), foundation.outbox()));
      return new UserService(foundation);
    } catch (Throwable t) {
      foundation.close();
      throw t;
    }
  }

  /** Where it listens, apart from the broker, with the ports that were really bound. */
  public List<WireUrl> urls() {
    return foundation.urls();
  }

  /** Drains and closes. Idempotent. */
  @Override
  public void close() {
    foundation.close();
  }
}
