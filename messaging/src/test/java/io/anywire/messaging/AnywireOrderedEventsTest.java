package io.anywire.messaging;

import org.junit.jupiter.api.AfterEach;

class AnywireOrderedEventsTest extends OrderedEventsSuite {
  private final ServedBroker broker = new ServedBroker();

  @Override
  protected String emptyBroker() {
    return broker.url();
  }

  @AfterEach
  void closeBroker() {
    broker.close();
  }
}
