package io.anywire.broker.embedded;

import io.anywire.broker.Capabilities;
import io.anywire.broker.Capability;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Message;
import io.anywire.broker.Publication;
import io.anywire.broker.Results;
import io.anywire.broker.Stored;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Topic;
import io.anywire.broker.Waiting;
import io.grpc.Status;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * What all holders of one {@code memory:} broker share: topics, inboxes by address, results by id.
 * Thread-safe.
 */
final class MemoryStore implements Store, AutoCloseable {
  /** What a message takes besides its payload, roughly; keeps empty messages from being free. */
  private static final int OVERHEAD = 256;

  private static final int MAX_MESSAGE_BYTES = 64 << 20;
  private static final Duration LONGEST_DELAY = Duration.ofDays(365);
  private static final CompletionStage<Void> TAKEN = CompletableFuture.completedStage(null);

  private final Map<Topic, MemoryTopic> topics = new ConcurrentHashMap<>();
  private final Map<String, EmbeddedInbox> inboxes = new ConcurrentHashMap<>();
  private final Deliverers deliverers = new Deliverers(Thread::startVirtualThread);
  private final MemoryResults results = new MemoryResults(this);
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong remembered = new AtomicLong();
  private final long capacity;
  private final long history;
  private final Capabilities capabilities;

  /**
   * @param capacity how many bytes of messages and results it holds
   * @param history how many bytes of past events it keeps besides, for later subscriptions
   */
  MemoryStore(long capacity, long history) {
    this.capacity = capacity;
    this.history = history;
    this.capabilities = said();
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public Deliverers deliverers() {
    return deliverers;
  }

  private Capabilities said() {
    Set<Capability> all = EnumSet.allOf(Capability.class);
    all.remove(Capability.DURABLE);
    if (!remembers()) {
      all.remove(Capability.REPLAY);
    }
    return new Capabilities(all, MAX_MESSAGE_BYTES, Optional.empty(), LONGEST_DELAY);
  }

  @Override
  public CompletionStage<Void> publish(Publication publication) {
    Topic topic = publication.topic();
    boolean taken = topic(topic).publish(publication.message(), publication.delay());
    if (!taken && topic.kind() == Topic.Kind.CALLS) {
      throw Status.UNAVAILABLE
          .withDescription("nobody serves " + topic.name() + " on this broker")
          .asRuntimeException();
    }
    return TAKEN;
  }

  @Override
  public Feed subscribed(Topic topic, String subscription, SubscribeOptions.Start start) {
    requireMemoryFor(start);
    return topic(topic).subscribed(subscription, start);
  }

  @Override
  public DeadLetters deadLetters(Topic topic, String subscription) {
    return new DeadLettersOf(topic(topic), subscription);
  }

  @Override
  public Map<String, EmbeddedInbox> inboxes() {
    return inboxes;
  }

  @Override
  public Results results() {
    return results;
  }

  @Override
  public Set<Topic> topics() {
    return Set.copyOf(topics.keySet());
  }

  @Override
  public Set<String> subscriptions(Topic topic) {
    MemoryTopic known = topics.get(topic);
    return known == null ? Set.of() : known.subscriptions();
  }

  @Override
  public SubscriptionState state(Topic topic, String subscription) {
    MemoryFeed feed = feed(topic, subscription);
    return feed.backlog().state(0, feed.deadLetters().size());
  }

  @Override
  public List<Waiting> peek(Topic topic, String subscription, int max) {
    return feed(topic, subscription).backlog().peek(max);
  }

  @Override
  public long purge(Topic topic, String subscription) {
    return feed(topic, subscription).purge();
  }

  @Override
  public List<Waiting> loaded(Topic topic, String subscription, int max) {
    return peek(topic, subscription, max);
  }

  @Override
  public long remove(Topic topic, String subscription, Set<String> ids) {
    return feed(topic, subscription).remove(ids);
  }

  @Override
  public CompletionStage<Void> put(Topic topic, String subscription, Stored stored) {
    MemoryFeed feed = topic(topic).subscribed(subscription, SubscribeOptions.NOW);
    take(stored.message(), 1);
    feed.put(stored);
    return TAKEN;
  }

  @Override
  public long seek(Topic topic, String subscription, SubscribeOptions.Start to) {
    requireMemoryFor(to);
    return known(topic).seek(feed(topic, subscription), to);
  }

  @Override
  public Set<EmbeddedInbox> tails(Topic topic) {
    return known(topic).tails();
  }

  /** The topic, which is made where somebody publishes or subscribes to it. */
  private MemoryTopic topic(Topic topic) {
    MemoryTopic known = topics.get(topic);
    return known == null ? topics.computeIfAbsent(topic, t -> new MemoryTopic(this, t)) : known;
  }

  private MemoryTopic known(Topic topic) {
    MemoryTopic known = topics.get(topic);
    if (known == null) {
      throw EmbeddedOperations.missing(topic);
    }
    return known;
  }

  private MemoryFeed feed(Topic topic, String subscription) {
    return known(topic)
        .feed(subscription)
        .orElseThrow(() -> EmbeddedOperations.missing(topic, subscription));
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
  private void requireMemoryFor(SubscribeOptions.Start start) {
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

  private record DeadLettersOf(MemoryTopic topic, String subscription) implements DeadLetters {
    @Override
    public List<DeadLetter> list(int max) {
      return topic.feed(subscription).map(f -> f.deadLetters().list(max)).orElse(List.of());
    }

    @Override
    public int replay(Predicate<DeadLetter> which) {
      return topic.feed(subscription).map(f -> f.deadLetters().replay(which)).orElse(0);
    }

    @Override
    public int purge(Predicate<DeadLetter> which) {
      return topic.feed(subscription).map(f -> f.deadLetters().purge(which)).orElse(0);
    }
  }
}
