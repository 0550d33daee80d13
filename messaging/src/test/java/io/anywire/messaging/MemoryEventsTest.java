package io.anywire.messaging;

import java.util.UUID;

class MemoryEventsTest extends EventsSuite {
  @Override
  protected String emptyBroker() {
    return "memory:" + UUID.randomUUID();
  }
}
