package io.anywire.messaging;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

class AnywireCallsTest extends CallsSuite {
  private static final List<ServedBroker> brokers = new ArrayList<>();

  @AfterAll
  static void stop() {
    brokers.forEach(ServedBroker::close);
  }

  @Override
  protected String emptyBroker() {
    ServedBroker broker = new ServedBroker();
    brokers.add(broker);
    return broker.url();
  }
}
