package io.anywire.cli.operate;

import io.anywire.broker.Topic;

/** A subscription of a topic. */
record Place(Topic topic, String subscription) {

  /** Begins a line of JSON about it. */
  JsonLine json() {
    return about(topic).put("subscription", subscription);
  }

  /** Begins a line of JSON about a topic. */
  static JsonLine about(Topic topic) {
    return new JsonLine().put("topic", topic.name()).put("kind", Operated.word(topic));
  }

  /** The topic, and the subscription where it has a name that was chosen. */
  @Override
  public String toString() {
    return topic.kind() == Topic.Kind.EVENTS ? topic.name() + "/" + subscription : topic.name();
  }
}
