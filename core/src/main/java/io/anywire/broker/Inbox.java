package io.anywire.broker;

/** A private place for replies. Thread-safe; {@link #close} is idempotent. */
public interface Inbox extends AutoCloseable {

  /**
   * What others send to. It stays valid until the inbox is closed or {@link InboxReceiver#lost} was
   * called; after that it is another one.
   *
   * @throws io.grpc.StatusRuntimeException {@code UNAVAILABLE} while there is no connection
   */
  String address();

  @Override
  void close();
}
