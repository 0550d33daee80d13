package io.anywire.broker.rabbitmq;

import io.anywire.messaging.OrderedEventsSuite;
import io.anywire.testing.RabbitMq;

class RabbitMqOrderedEventsTest extends OrderedEventsSuite {
  @Override
  protected String emptyBroker() {
    return RabbitMq.shared().emptyHostUrl();
  }
}
