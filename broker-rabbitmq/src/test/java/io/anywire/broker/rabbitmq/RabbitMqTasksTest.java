package io.anywire.broker.rabbitmq;

import io.anywire.messaging.TasksSuite;
import io.anywire.testing.RabbitMq;

class RabbitMqTasksTest extends TasksSuite {
  @Override
  protected String emptyBroker() {
    return RabbitMq.shared().emptyHostUrl();
  }
}
