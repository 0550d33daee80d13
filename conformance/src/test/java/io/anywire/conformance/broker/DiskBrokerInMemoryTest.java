package io.anywire.conformance.broker;

class DiskBrokerInMemoryTest extends DiskBrokerTest {
  @Override
  String durability() {
    return "memory";
  }
}
