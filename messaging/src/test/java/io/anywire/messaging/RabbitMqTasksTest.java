package io.anywire.messaging;

import io.anywire.testing.RabbitMq;

class RabbitMqTasksTest extends TasksSuite {
  @Override
  protected String emptyBroker() {
    return RabbitMq.shared().emptyHostUrl();
  }
}
