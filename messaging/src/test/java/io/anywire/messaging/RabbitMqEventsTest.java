package io.anywire.messaging;

import io.anywire.testing.RabbitMq;

class RabbitMqEventsTest extends EventsSuite {
  @Override
  protected String emptyBroker() {
    return RabbitMq.shared().emptyHostUrl();
  }
}
