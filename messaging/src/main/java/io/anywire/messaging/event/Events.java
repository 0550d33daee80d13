package io.anywire.messaging.event;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Capability;
import io.anywire.broker.Topic;
import io.anywire.contract.EventTopic;
import io.anywire.messaging.envelope.Lacking;
import io.anywire.messaging.envelope.LazyBroker;
import io.anywire.messaging.envelope.Note;
import io.anywire.messaging.envelope.Places;
import io.anywire.messaging.publish.PublishChannel;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Publishes events: calling a method of an event contract on {@link #channel} is publishing it.
 *
 * <pre>{@code
 * var events = OrderEventsGrpc.newBlockingStub(Events.at(anywire, "memory:shop").channel());
 * events.orderPlaced(placed);
 * }</pre>
 *
 * <ul>
 *   <li>The call returns when the broker has taken responsibility: then each subscription that the
 *       topic has gets its own copy, at least once. When it fails {@code UNAVAILABLE} or {@code
 *       DEADLINE_EXCEEDED}, whether the event was taken is unknown.
 *   <li>A service that is not marked as an event contract can be published too, when its methods
 *       return {@code Empty}; whatever cannot is {@code UNIMPLEMENTED} before anything is sent.
 *   <li>Events with equal ordering keys are handled one at a time, in order of publication, in
 *       every subscription; a broker that cannot do so refuses the event.
 * </ul>
 *
 * <p>Immutable and thread-safe; it lives as long as its {@link Anywire}.
 */
public final class Events {
  /**
   * In headers and trailers of the response: the CloudEvents id of the event. In the request's
   * headers it names the id, so that an event which is published again, because it is unknown
   * whether it was taken, is the same event to its subscribers; without it each gets a fresh id.
   */
  public static final Metadata.Key<String> MESSAGE_ID = PublishChannel.MESSAGE_ID;

  /**
   * Call option: whether subscribers note what became of the event, for {@link #outcomes}; false by
   * default. It costs each of them one more step at the broker per attempt. {@code
   * stub.withOption(Events.TRACKED, true)}
   */
  public static final CallOptions.Key<Boolean> TRACKED =
      CallOptions.Key.createWithDefault("anywire-tracked", false);

  private static final int ANSWER_SECONDS = 30;

  private final Channel channel;
  private final EventPublisher publisher;
  private final LazyBroker broker;
  private final String url;

  private Events(Channel channel, EventPublisher publisher, LazyBroker broker, String url) {
    this.channel = channel;
    this.publisher = publisher;
    this.broker = broker;
    this.url = url;
  }

  /**
   * Events at a broker; connecting may happen at the first event. {@code ?codec=json} or {@code
   * xml} writes events so, for subscribers that do not speak protobuf.
   *
   * @throws IllegalArgumentException when the URL is malformed
   */
  public static Events at(Anywire anywire, String url) {
    WireUrl parsed = WireUrl.parse(url);
    EventPublisher publisher =
        new EventPublisher(anywire.applicationName().orElse("anywire"), parsed.toString());
    PublishChannel channel = new PublishChannel(parsed, anywire, publisher);
    return new Events(
        ClientInterceptors.interceptForward(channel, anywire.clientInterceptors()),
        publisher,
        new LazyBroker(anywire, Places.broker(parsed)),
        parsed.toString());
  }

  /** The channel for the stubs of event contracts. */
  public Channel channel() {
    return channel;
  }

  /**
   * What became of an event that was published with {@link #TRACKED}, in each subscription that its
   * topic has now. Outcomes are kept for as long as the contract keeps results, 24 h by default.
   *
   * @param method the event's method
   * @param id the receipt
   * @return by subscription, in order of their names
   * @throws StatusRuntimeException {@code UNIMPLEMENTED} when the broker is not 'listed' or keeps
   *     no 'results', {@code UNAVAILABLE} when it cannot be asked
   */
  public Map<String, EventOutcome> outcomes(MethodDescriptor<?, ?> method, String id) {
    EventTopic topic = publisher.contract(method).event().orElseThrow();
    Lacking.require(broker.get(), Capability.LISTED, "its subscriptions are asked for", url);
    Map<String, EventOutcome> outcomes = new TreeMap<>();
    for (String name : broker.get().operations().subscriptions(Topic.events(topic.topic()))) {
      outcomes.put(name, outcome(id, name));
    }
    return outcomes;
  }

  /**
   * The same in one subscription whose name is known.
   *
   * @throws StatusRuntimeException {@code UNIMPLEMENTED} when the broker keeps no 'results', {@code
   *     UNAVAILABLE} when it cannot be asked
   */
  public EventOutcome outcome(String id, String subscription) {
    Lacking.require(broker.get(), Capability.RESULTS, "an outcome is asked for", url);
    try {
      return broker
          .get()
          .results()
          .get(EventOutcome.place(id, subscription))
          .toCompletableFuture()
          .get(ANSWER_SECONDS, TimeUnit.SECONDS)
          .map(message -> EventOutcome.of(Note.of(message)))
          .orElse(EventOutcome.UNKNOWN);
    } catch (ExecutionException e) {
      throw Status.fromThrowable(e).asRuntimeException();
    } catch (TimeoutException e) {
      throw Status.DEADLINE_EXCEEDED.withDescription("the broker is silent").asRuntimeException();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
    }
  }
}
