package io.anywire.conformance.broker;

import io.anywire.testing.TempFolder;

class AnywireDiskBrokerTest extends BrokerSuite {
  /** What an acknowledgement survives. */
  String durability() {
    return "fsync";
  }

  @Override
  protected BrokerEngine start() {
    TempFolder folder = TempFolder.create("disk");
    return new ServedEngine("disk:" + folder.path() + "?durability=" + durability(), folder::close);
  }
}
