package io.anywire.conformance.broker;

class DiskBrokerInPageCacheTest extends DiskBrokerTest {
  @Override
  String durability() {
    return "page-cache";
  }
}
