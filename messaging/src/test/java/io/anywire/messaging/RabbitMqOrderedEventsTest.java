package io.anywire.messaging;

import io.anywire.testing.RabbitMq;

class RabbitMqOrderedEventsTest extends OrderedEventsSuite {
  @Override
  protected String emptyBroker() {
    return RabbitMq.shared().emptyHostUrl();
  }
}
