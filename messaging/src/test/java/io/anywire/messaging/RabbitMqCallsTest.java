package io.anywire.messaging;

import io.anywire.testing.RabbitMq;

/**
 * Its queues of calls and its inboxes go with those who use them, so that it is empty each time.
 */
class RabbitMqCallsTest extends CallsSuite {
  @Override
  protected String emptyBroker() {
    return RabbitMq.shared().url();
  }
}
