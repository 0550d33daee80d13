package io.anywire.broker.remote;

import io.anywire.messaging.CallsSuite;
import org.junit.jupiter.api.AfterEach;

class RemoteCallsTest extends CallsSuite {
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
