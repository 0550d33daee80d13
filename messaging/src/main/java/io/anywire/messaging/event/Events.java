package io.anywire.messaging.event;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.messaging.publish.PublishChannel;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;

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

  private final Channel channel;

  private Events(Channel channel) {
    this.channel = channel;
  }

  /**
   * Events at a broker; connecting may happen at the first event.
   *
   * @throws IllegalArgumentException when the URL is malformed
   */
  public static Events at(Anywire anywire, String url) {
    WireUrl parsed = WireUrl.parse(url);
    EventPublisher publisher =
        new EventPublisher(anywire.applicationName().orElse("anywire"), parsed.toString());
    PublishChannel channel = new PublishChannel(parsed, anywire, publisher);
    return new Events(ClientInterceptors.interceptForward(channel, anywire.clientInterceptors()));
  }

  /** The channel for the stubs of event contracts. */
  public Channel channel() {
    return channel;
  }
}
