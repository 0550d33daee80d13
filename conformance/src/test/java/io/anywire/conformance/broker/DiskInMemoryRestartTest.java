package io.anywire.conformance.broker;

class DiskInMemoryRestartTest extends DiskRestartTest {
  @Override
  String durability() {
    return "memory";
  }
}
