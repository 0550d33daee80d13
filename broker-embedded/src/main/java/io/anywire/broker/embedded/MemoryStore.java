package io.anywire.broker.embedded;

import io.anywire.broker.Capability;
import io.anywire.broker.Message;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Topic;
import io.grpc.Status;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all holders of one {@code memory:} broker share: topics, inboxes by address, results by id.
 * Thread-safe.
 */
final class MemoryStore implements AutoCloseable {
  /** What a message takes besides its payload, roughly; keeps empty messages from being free. */
  private static final int OVERHEAD = 256;

  private final Map<Topic, MemoryTopic> topics = new ConcurrentHashMap<>();
  private final Map<String, MemoryInbox> inboxes = new ConcurrentHashMap<>();
  private final MemoryResults results = new MemoryResults(this);
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong remembered = new AtomicLong();
  private final long capacity;
  private final long history;

  /**
   * @param capacity how many bytes of messages and results it holds
   * @param history how many bytes of past events it keeps besides, for later subscriptions
   */
  MemoryStore(long capacity, long history) {
    this.capacity = capacity;
    this.history = history;
  }

  Map<String, MemoryInbox> inboxes() {
    return inboxes;
  }

  MemoryResults results() {
    return results;
  }

  MemoryTopic topic(Topic topic) {
    MemoryTopic known = topics.get(topic);
    return known == null ? topics.computeIfAbsent(topic, t -> new MemoryTopic(this, t)) : known;
  }

  /** The topics that somebody published to or subscribed to. */
  Collection<MemoryTopic> topics() {
    return topics.values();
  }

  /** The topic if it is there. */
  Optional<MemoryTopic> known(Topic topic) {
    return Optional.ofNullable(topics.get(topic));
  }

  /** Whether past events are kept. */
  boolean remembers() {
    return history > 0;
  }

  /**
   * Checks that what was published before now can be had.
   *
   * @throws io.grpc.StatusRuntimeException {@code UNIMPLEMENTED} naming the capability
   */
  void requireMemoryFor(SubscribeOptions.Start start) {
    if (!start.equals(SubscribeOptions.NOW) && !remembers()) {
      throw Status.UNIMPLEMENTED
          .withDescription("with history=0 it lacks the capability '" + Capability.REPLAY + "'")
          .asRuntimeException();
    }
  }

  /**
   * Takes the room that copies of a message need.
   *
   * @throws io.grpc.StatusRuntimeException {@code RESOURCE_EXHAUSTED} when there is none
   */
  void take(Message message, int copies) {
    long size = copies * size(message);
    if (used.addAndGet(size) > capacity) {
      used.addAndGet(-size);
      throw Status.RESOURCE_EXHAUSTED
          .withDescription("the memory broker is full (capacity: " + (capacity >> 20) + " MiB)")
          .asRuntimeException();
    }
  }

  /** Takes room in the history; false when there is none. */
  boolean takeHistory(Message message) {
    long size = size(message);
    if (remembered.addAndGet(size) > history) {
      remembered.addAndGet(-size);
      return false;
    }
    return true;
  }

  /** Gives it back. */
  void giveHistory(Message message) {
    remembered.addAndGet(-size(message));
  }

  /** Gives the room of one copy back. */
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
