package io.anywire.conformance.broker;

import io.anywire.testing.TempFolder;

class DiskBrokerTest extends BrokerSuite {
  /** What an acknowledgement survives. */
  String durability() {
    return "fsync";
  }

  @Override
  protected BrokerEngine start() {
    TempFolder folder = TempFolder.create("disk");
    String url = "disk:" + folder.path() + "?durability=" + durability();
    return new BrokerEngine() {
      @Override
      public String url() {
        return url;
      }

      @Override
      public void close() {
        folder.close();
      }
    };
  }
}
