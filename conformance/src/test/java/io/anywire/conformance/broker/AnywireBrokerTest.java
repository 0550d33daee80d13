package io.anywire.conformance.broker;

class AnywireBrokerTest extends BrokerSuite {
  @Override
  protected BrokerEngine start() {
    return new ServedEngine("memory:" + Messages.fresh("served") + "?capacity=512", () -> {});
  }
}
