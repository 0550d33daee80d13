package io.anywire.messaging;

import org.junit.jupiter.api.AfterEach;

class AnywireTasksTest extends TasksSuite {
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
