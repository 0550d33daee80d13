package io.anywire.messaging.publish;

import io.anywire.broker.Message;
import io.anywire.broker.Topic;

/** A message and where it goes. */
public record Publication(Topic topic, Message message) {}
