package io.anywire.broker.embedded;

import io.anywire.broker.Message;
import io.anywire.broker.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;

/** A topic on disk. Thread-safe; feeds are added by the writer. */
final class DiskTopic {
  private final int number;
  private final Topic topic;
  private final boolean events;
  private final Map<String, DiskFeed> byName = new ConcurrentHashMap<>();
  private volatile List<DiskFeed> feeds = List.of();

  /** Made for the first. */
  private volatile @Nullable Set<EmbeddedInbox> tails;

  DiskTopic(int number, Topic topic) {
    this.number = number;
    this.topic = topic;
    this.events = topic.kind() == Topic.Kind.EVENTS;
  }

  int number() {
    return number;
  }

  Topic topic() {
    return topic;
  }

  /** Whether it is one of events, which may have a past. */
  boolean hasEvents() {
    return events;
  }

  /** Adds a subscription; it has what is published from then on. */
  void add(DiskFeed feed) {
    byName.put(feed.name(), feed);
    List<DiskFeed> more = new ArrayList<>(feeds);
    more.add(feed);
    feeds = List.copyOf(more);
  }

  List<DiskFeed> feeds() {
    return feeds;
  }

  Optional<DiskFeed> feed(String subscription) {
    return Optional.ofNullable(byName.get(subscription));
  }

  Set<String> subscriptions() {
    return new TreeSet<>(byName.keySet());
  }

  /** See a copy of what is published from now on, until they are removed. */
  synchronized Set<EmbeddedInbox> tails() {
    Set<EmbeddedInbox> known = tails;
    if (known == null) {
      known = new CopyOnWriteArraySet<>();
      tails = known;
    }
    return known;
  }

  /** Shows them a message. */
  void show(NewMessage published) {
    Set<EmbeddedInbox> known = tails;
    Message message = published.message();
    if (known != null && message != null) {
      known.forEach(tail -> tail.receive(message));
    }
  }
}
