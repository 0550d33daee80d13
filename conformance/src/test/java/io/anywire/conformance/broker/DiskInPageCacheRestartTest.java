package io.anywire.conformance.broker;

class DiskInPageCacheRestartTest extends DiskRestartTest {
  @Override
  String durability() {
    return "page-cache";
  }
}
