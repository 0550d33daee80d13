package io.anywire.messaging;

import java.util.UUID;

class MemoryStreamsTest extends StreamsSuite {
  @Override
  protected String emptyBroker() {
    return "memory:" + UUID.randomUUID();
  }
}
