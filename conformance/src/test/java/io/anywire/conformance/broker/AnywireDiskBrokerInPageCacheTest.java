package io.anywire.conformance.broker;

class AnywireDiskBrokerInPageCacheTest extends AnywireDiskBrokerTest {
  @Override
  String durability() {
    return "page-cache";
  }
}
