package io.anywire.conformance.broker;

class AnywireBrokerTest extends BrokerSuite {
  @Override
  protected BrokerEngine start() {
    return new ServedEngine();
  }
}
