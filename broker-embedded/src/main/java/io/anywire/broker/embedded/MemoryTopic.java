package io.anywire.broker.embedded;

import io.anywire.broker.Message;
import io.anywire.broker.SubscribeOptions.Start;
import io.anywire.broker.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The backlogs of one topic, and of events the last ones, for subscriptions that are made later.
 * Thread-safe: an event is either in the history that a new subscription begins with or published
 * to it, and never both.
 */
final class MemoryTopic {
  private record Published(Message message, Instant time) {}

  private final MemoryStore store;
  private final Topic topic;
  private final Map<String, MemoryFeed> feeds = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Published> history = new ArrayDeque<>();
  private final Set<EmbeddedInbox> tails = new CopyOnWriteArraySet<>();

  MemoryTopic(MemoryStore store, Topic topic) {
    this.store = store;
    this.topic = topic;
    if (topic.kind() == Topic.Kind.QUEUE) {
      feeds.put(Topic.WORKERS, new MemoryFeed(store, topic.name() + "/" + Topic.WORKERS));
    }
  }

  Set<String> subscriptions() {
    return new TreeSet<>(feeds.keySet());
  }

  /** Sees a copy of what is published from now on, until it is removed. */
  Set<EmbeddedInbox> tails() {
    return tails;
  }

  /** Goes on from there instead; returns how many messages wait now. */
  long seek(MemoryFeed feed, Start to) {
    lock.lock();
    try {
      feed.purge();
      return begin(feed, to);
    } finally {
      lock.unlock();
    }
  }

  Optional<MemoryFeed> feed(String subscription) {
    return Optional.ofNullable(feeds.get(subscription));
  }

  /** The feed of that subscription, which is made where it is not there yet. */
  MemoryFeed subscribed(String name, Start start) {
    lock.lock();
    try {
      MemoryFeed known = feeds.get(name);
      return known == null ? made(name, start) : known;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Publishes to every backlog.
   *
   * @return whether anybody took it; for calls only who is connected does
   * @throws io.grpc.StatusRuntimeException {@code RESOURCE_EXHAUSTED}; then nobody has it
   */
  boolean publish(Message message, Duration delay) {
    boolean taken = take(message, delay);
    if (!tails.isEmpty()) {
      tails.forEach(tail -> tail.receive(message));
    }
    return taken;
  }

  private boolean take(Message message, Duration delay) {
    if (topic.kind() != Topic.Kind.EVENTS) {
      return publish(message, delay, takers());
    }
    lock.lock();
    try {
      boolean taken = publish(message, delay, feeds.values());
      remember(message);
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private boolean publish(Message message, Duration delay, Collection<MemoryFeed> to) {
    store.take(message, to.size());
    to.forEach(feed -> feed.backlog().add(message, delay));
    return !to.isEmpty();
  }

  /** Usually the one that there is. */
  private Collection<MemoryFeed> takers() {
    return topic.kind() == Topic.Kind.QUEUE
        ? List.copyOf(feeds.values())
        : feeds.values().stream().filter(feed -> feed.backlog().hasConsumers()).toList();
  }

  private MemoryFeed made(String name, Start start) {
    MemoryFeed feed = new MemoryFeed(store, topic.name() + "/" + name);
    begin(feed, start);
    feeds.put(name, feed);
    return feed;
  }

  private int begin(MemoryFeed feed, Start start) {
    List<Message> earlier =
        history.stream().filter(p -> covers(start, p)).map(Published::message).toList();
    earlier.forEach(message -> {
      store.take(message, 1);
      feed.backlog().add(message);
    });
    return earlier.size();
  }

  private static boolean covers(Start start, Published published) {
    return switch (start) {
      case Start.Now now -> false;
      case Start.Beginning beginning -> true;
      case Start.At at -> !published.time().isBefore(at.time());
    };
  }

  private void remember(Message message) {
    while (!store.takeHistory(message)) {
      Published oldest = history.poll();
      if (oldest == null) {
        return;
      }
      store.giveHistory(oldest.message());
    }
    history.add(new Published(message, Instant.now()));
  }
}
