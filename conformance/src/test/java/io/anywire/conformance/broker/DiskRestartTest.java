package io.anywire.conformance.broker;

import io.anywire.testing.TempFolder;

class DiskRestartTest extends RestartSuite {
  /** What an acknowledgement survives. */
  String durability() {
    return "fsync";
  }

  @Override
  protected KillableEngine start() {
    TempFolder folder = TempFolder.create("disk");
    return new ServedInProcess(
        "disk:" + folder.path() + "?durability=" + durability(), "200ms", folder::close);
  }
}
