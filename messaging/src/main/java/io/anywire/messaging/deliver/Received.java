package io.anywire.messaging.deliver;

import io.anywire.broker.Message;
import io.grpc.Context;
import io.grpc.Metadata;
import java.util.Optional;

/**
 * The task or event that a handler is handling: {@link #current} in the handler's thread, and the
 * same as metadata for interceptors. A message may be delivered more than once, always with the
 * same id and source; what must not happen twice keeps them, in the same transaction as its effect.
 * Immutable.
 *
 * @param id the CloudEvents id, unique per source; a task's is its handle's
 * @param source the CloudEvents source: the application that published it
 * @param type the method's full name, with dots
 * @param time when it was published, as in RFC 3339; empty where the publisher did not say
 * @param attempt counts from 1; more than 1 after a retry
 */
public record Received(String id, String source, String type, String time, int attempt) {
  /** Metadata: the message's id. */
  public static final Metadata.Key<String> MESSAGE_ID = key("anywire-message-id");

  /** Metadata: the number of the attempt, from 1. */
  public static final Metadata.Key<String> ATTEMPT = key("anywire-attempt");

  /** Metadata of events: the CloudEvents id. */
  public static final Metadata.Key<String> EVENT_ID = key("anywire-event-id");

  /** Metadata of events: the CloudEvents source. */
  public static final Metadata.Key<String> EVENT_SOURCE = key("anywire-event-source");

  /** Metadata of events: the CloudEvents time. */
  public static final Metadata.Key<String> EVENT_TIME = key("anywire-event-time");

  private static final Context.Key<Received> CURRENT = Context.key("anywire-received");

  /** What the current {@link Context} handles; empty for calls. */
  public static Optional<Received> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  static Received of(Message message, int attempt) {
    return new Received(
        message.id(),
        message.attributes().getOrDefault("source", ""),
        message.type(),
        message.attributes().getOrDefault("time", ""),
        attempt);
  }

  /** Puts this in place of whatever a publisher may have sent under the same names. */
  void into(Metadata metadata, boolean event) {
    set(metadata, MESSAGE_ID, id);
    set(metadata, ATTEMPT, String.valueOf(attempt));
    metadata.discardAll(EVENT_ID);
    metadata.discardAll(EVENT_SOURCE);
    metadata.discardAll(EVENT_TIME);
    if (event) {
      metadata.put(EVENT_ID, id);
      metadata.put(EVENT_SOURCE, source);
      metadata.put(EVENT_TIME, time);
    }
  }

  /** A context where this is {@link #current}. */
  Context context() {
    return Context.ROOT.withValue(CURRENT, this);
  }

  private static void set(Metadata metadata, Metadata.Key<String> key, String value) {
    metadata.discardAll(key);
    metadata.put(key, value);
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
