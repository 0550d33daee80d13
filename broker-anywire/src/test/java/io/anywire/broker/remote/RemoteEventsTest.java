package io.anywire.broker.remote;

import io.anywire.messaging.EventsSuite;
import org.junit.jupiter.api.AfterEach;

class RemoteEventsTest extends EventsSuite {
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
