package io.anywire.broker.embedded;

import io.anywire.broker.Message;
import io.anywire.broker.Operations;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Topic;
import io.anywire.broker.Waiting;
import io.grpc.Status;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A look into a {@link MemoryStore}. */
final class MemoryOperations implements Operations {
  private final MemoryStore store;
  private final Set<MemoryInbox> opened;

  /**
   * @param opened what ends when the holder closes the broker
   */
  MemoryOperations(MemoryStore store, Set<MemoryInbox> opened) {
    this.store = store;
    this.opened = opened;
  }

  @Override
  public Set<Topic> topics() {
    return store.topics().stream().map(MemoryTopic::topic).collect(Collectors.toSet());
  }

  @Override
  public Set<String> subscriptions(Topic topic) {
    return store.known(topic).map(MemoryTopic::subscriptions).orElse(Set.of());
  }

  @Override
  public SubscriptionState state(Topic topic, String subscription) {
    return backlog(topic, subscription).state();
  }

  @Override
  public List<Waiting> peek(Topic topic, String subscription, int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max: " + max + " (expected: >= 1)");
    }
    return backlog(topic, subscription).peek(max);
  }

  @Override
  public long purge(Topic topic, String subscription) {
    return backlog(topic, subscription).purge();
  }

  @Override
  public long seek(Topic topic, String subscription, SubscribeOptions.Start to) {
    if (topic.kind() != Topic.Kind.EVENTS) {
      throw Status.INVALID_ARGUMENT
          .withDescription("seek: " + topic + " (expected: a topic of events)")
          .asRuntimeException();
    }
    store.requireMemoryFor(to);
    return known(topic).seek(backlog(topic, subscription), to);
  }

  @Override
  public Tail tail(Topic topic, Consumer<Message> receiver) {
    MemoryTopic of = known(topic);
    MemoryInbox inbox =
        new MemoryInbox(
            store,
            receiver::accept,
            closed -> {
              of.tails().remove(closed);
              opened.remove(closed);
            });
    opened.add(inbox);
    of.tails().add(inbox);
    return inbox::close;
  }

  private Backlog backlog(Topic topic, String subscription) {
    return known(topic)
        .backlog(subscription)
        .orElseThrow(() ->
            Status.NOT_FOUND
                .withDescription(topic + " has no subscription '" + subscription + "'")
                .asRuntimeException());
  }

  private MemoryTopic known(Topic topic) {
    return store
        .known(topic)
        .orElseThrow(
            () -> Status.NOT_FOUND.withDescription("no such topic: " + topic).asRuntimeException());
  }
}
