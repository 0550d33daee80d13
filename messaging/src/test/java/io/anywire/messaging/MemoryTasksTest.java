package io.anywire.messaging;

import java.util.UUID;

class MemoryTasksTest extends TasksSuite {
  @Override
  protected String emptyBroker() {
    return "memory:" + UUID.randomUUID();
  }
}
