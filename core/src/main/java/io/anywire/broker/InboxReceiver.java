package io.anywire.broker;

/**
 * Takes what arrives in an inbox: called by one thread of the broker's at a time; must not block.
 */
@FunctionalInterface
public interface InboxReceiver {

  /** A message has arrived. */
  void receive(Message message);

  /**
   * The connection was lost, and with it everything that was sent to the inbox and had not arrived.
   * {@link Inbox#address} is another one from now on.
   */
  default void lost() {}
}
