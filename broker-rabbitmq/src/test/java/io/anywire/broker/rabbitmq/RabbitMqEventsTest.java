package io.anywire.broker.rabbitmq;

import io.anywire.messaging.EventsSuite;
import io.anywire.testing.RabbitMq;

class RabbitMqEventsTest extends EventsSuite {
  @Override
  protected String emptyBroker() {
    return RabbitMq.shared().emptyHostUrl();
  }
}
