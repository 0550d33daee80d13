package io.anywire.broker.rabbitmq;

import io.anywire.messaging.CallsSuite;
import io.anywire.testing.RabbitMq;

class RabbitMqCallsTest extends CallsSuite {
  @Override
  protected String emptyBroker() {
    return RabbitMq.shared().emptyHostUrl();
  }
}
