package io.anywire.conformance.broker;

class AnywireDiskBrokerInMemoryTest extends AnywireDiskBrokerTest {
  @Override
  String durability() {
    return "memory";
  }
}
