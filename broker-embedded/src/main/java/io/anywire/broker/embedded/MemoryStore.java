package io.anywire.broker.embedded;

import io.anywire.broker.Message;
import io.anywire.broker.Topic;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all holders of one {@code memory:} broker share: backlogs by topic and subscription, inboxes
 * by address, results by id. Thread-safe.
 */
final class MemoryStore implements AutoCloseable {
  /** What a message takes besides its payload, roughly; keeps empty messages from being free. */
  private static final int OVERHEAD = 256;

  private final Map<Topic, Map<String, Backlog>> topics = new ConcurrentHashMap<>();
  private final Map<String, MemoryInbox> inboxes = new ConcurrentHashMap<>();
  private final MemoryResults results = new MemoryResults(this);
  private final AtomicLong used = new AtomicLong();
  private final long capacity;

  MemoryStore(long capacity) {
    this.capacity = capacity;
  }

  Map<String, MemoryInbox> inboxes() {
    return inboxes;
  }

  MemoryResults results() {
    return results;
  }

  /** The backlogs that a publication to {@code topic} goes to. */
  Iterable<Backlog> backlogs(Topic topic) {
    if (topic.kind() == Topic.Kind.QUEUE) {
      backlog(topic, Topic.WORKERS);
    }
    return topics.getOrDefault(topic, Map.of()).values();
  }

  Backlog backlog(Topic topic, String subscription) {
    return topics
        .computeIfAbsent(topic, t -> new ConcurrentHashMap<>())
        .computeIfAbsent(subscription, s -> new Backlog(this, topic.name() + "/" + s));
  }

  /**
   * Takes the room that a message needs.
   *
   * @throws io.grpc.StatusRuntimeException {@code RESOURCE_EXHAUSTED} when there is none
   */
  void take(Message message) {
    long size = size(message);
    if (used.addAndGet(size) > capacity) {
      used.addAndGet(-size);
      throw Status.RESOURCE_EXHAUSTED
          .withDescription("the memory broker is full (capacity: " + (capacity >> 20) + " MiB)")
          .asRuntimeException();
    }
  }

  /** Gives it back. */
  void give(Message message) {
    used.addAndGet(-size(message));
  }

  /** Bytes taken now. */
  long used() {
    return used.get();
  }

  @Override
  public void close() {
    results.close();
  }

  private static long size(Message message) {
    return (long) message.payload().size() + OVERHEAD;
  }
}
