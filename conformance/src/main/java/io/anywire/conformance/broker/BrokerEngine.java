package io.anywire.conformance.broker;

import java.util.List;

/** The engine that a suite runs on; what a driver's author has to write. */
public interface BrokerEngine extends AutoCloseable {

  /** The URL of a broker that was empty at first and that nobody but the suite uses. */
  String url();

  /**
   * What clients that are closed have left in the engine, each thing in a few words: consumers,
   * inboxes, connections. Asked after every test, until there is nothing; the suite itself keeps
   * one client open, with nothing but its connection.
   */
  default List<String> leftovers() {
    return List.of();
  }

  /** How many messages the suite's largest cases publish. */
  default int many() {
    return 20_000;
  }

  /**
   * Whether an outcome is with the engine once it has been confirmed. Where the engine does not
   * answer acknowledgements, those that were just sent may be lost when their subscription closes,
   * and the messages come again.
   */
  default boolean answersAcknowledgements() {
    return true;
  }

  @Override
  void close();
}
