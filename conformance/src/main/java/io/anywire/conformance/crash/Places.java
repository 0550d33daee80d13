package io.anywire.conformance.crash;

import static java.util.stream.Collectors.toSet;

import io.anywire.broker.Topic;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The topics of the load, and the names that their subscriptions have in the account. */
final class Places {
  static final Topic TASKS = Topic.queue("tasks");
  static final Topic LATER = Topic.queue("later");
  static final Topic HOSTED = Topic.queue("hosted");
  static final Topic ORDERS = Topic.events("orders");

  /** Each topic with its subscriptions. */
  static final Map<Topic, List<String>> ALL =
      Map.of(
          TASKS, List.of(Topic.WORKERS),
          LATER, List.of(Topic.WORKERS),
          HOSTED, List.of(Topic.WORKERS),
          ORDERS, List.of("billing", "shipping"));

  /** Those that keep the order of what has a key. */
  static final Set<String> ORDERED = Set.of("orders/billing", "orders/shipping");

  private Places() {}

  /** What the account calls one. */
  static String name(Topic topic, String subscription) {
    return topic.name() + "/" + subscription;
  }

  static List<String> subscriptions(Topic topic) {
    return ALL.getOrDefault(topic, List.of());
  }

  /** What the account calls those of a topic. */
  static Set<String> names(Topic topic) {
    return subscriptions(topic).stream()
        .map(subscription -> name(topic, subscription))
        .collect(toSet());
  }
}
