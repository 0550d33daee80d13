package io.anywire.messaging;

import java.util.UUID;

class MemoryOrderedEventsTest extends OrderedEventsSuite {
  @Override
  protected String emptyBroker() {
    return "memory:" + UUID.randomUUID();
  }
}
