package io.anywire.conformance.broker;

import io.anywire.testing.RabbitMq;

class RabbitMqBrokerTest extends BrokerSuite {
  @Override
  protected BrokerEngine start() {
    String url = RabbitMq.shared().emptyHostUrl() + "?partitions=4";
    return new BrokerEngine() {
      @Override
      public String url() {
        return url;
      }

      @Override
      public boolean answersAcknowledgements() {
        return false;
      }

      @Override
      public void close() {}
    };
  }
}
