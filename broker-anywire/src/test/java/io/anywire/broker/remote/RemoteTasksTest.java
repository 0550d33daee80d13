package io.anywire.broker.remote;

import io.anywire.messaging.TasksSuite;
import org.junit.jupiter.api.AfterEach;

class RemoteTasksTest extends TasksSuite {
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
