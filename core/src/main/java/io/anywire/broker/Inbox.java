package io.anywire.broker;

/** A private place for replies. Thread-safe; {@link #close} is idempotent. */
public interface Inbox extends AutoCloseable {

  /**
   * What others send to. It stays valid until the inbox is closed or the connection lost; after a
   * reconnection it may be another one.
   */
  String address();

  @Override
  void close();
}
