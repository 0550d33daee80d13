package io.anywire.messaging;

import java.util.UUID;

class MemoryCallsTest extends CallsSuite {
  @Override
  protected String emptyBroker() {
    return "memory:" + UUID.randomUUID();
  }
}
