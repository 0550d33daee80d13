package io.anywire.broker.embedded;

import io.anywire.broker.Capabilities;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Publication;
import io.anywire.broker.Results;
import io.anywire.broker.Stored;
import io.anywire.broker.SubscribeOptions.Start;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Topic;
import io.anywire.broker.Waiting;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What all holders of one embedded broker share: topics, inboxes by address, results by id. Its
 * methods do what those of {@link io.anywire.broker.Broker} and {@link
 * io.anywire.broker.Operations} say, for a broker that is open. Thread-safe.
 */
interface Store {

  Capabilities capabilities();

  /** Who delivers its messages. */
  Deliverers deliverers();

  /**
   * Publishes a message whose size and delay have been checked.
   *
   * @throws io.grpc.StatusRuntimeException when it is refused at once
   */
  CompletionStage<Void> publish(Publication publication);

  /** The backlog of a subscription, which is made where it is not there yet. */
  Feed subscribed(Topic topic, String subscription, Start start);

  /** Of a subscription that may be made later; looking at its dead letters does not make it. */
  DeadLetters deadLetters(Topic topic, String subscription);

  Results results();

  Map<String, EmbeddedInbox> inboxes();

  Set<Topic> topics();

  Set<String> subscriptions(Topic topic);

  SubscriptionState state(Topic topic, String subscription);

  List<Waiting> peek(Topic topic, String subscription, int max);

  long purge(Topic topic, String subscription);

  /**
   * The first that wait in memory, where {@link #remove} finds them; none when nothing waits, or
   * what is in memory is in flight.
   *
   * @throws io.grpc.StatusRuntimeException {@code DATA_LOSS} when what waits cannot be read
   */
  List<Waiting> loaded(Topic topic, String subscription, int max);

  /** Removes what waits with these ids; returns how many when that is safe. */
  long remove(Topic topic, String subscription, Set<String> ids);

  /** Puts a message into a subscription, whose size and delay have been checked. */
  CompletionStage<Void> put(Topic topic, String subscription, Stored stored);

  long seek(Topic topic, String subscription, Start to);

  /** Those who see a copy of what is published to a topic. */
  Set<EmbeddedInbox> tails(Topic topic);
}
