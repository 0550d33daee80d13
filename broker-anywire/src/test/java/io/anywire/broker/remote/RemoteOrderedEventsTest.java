package io.anywire.broker.remote;

import io.anywire.messaging.OrderedEventsSuite;
import org.junit.jupiter.api.AfterEach;

class RemoteOrderedEventsTest extends OrderedEventsSuite {
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
