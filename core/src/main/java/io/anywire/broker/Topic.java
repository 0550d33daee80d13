package io.anywire.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Status;

/**
 * Where messages go. Everything is a topic with subscriptions; the kind says what is to be kept.
 *
 * @param name 1 to 200 bytes of UTF-8 without control characters
 */
public record Topic(String name, Kind kind) {
  /** The subscription that all workers of a queue, and all servers of a call queue, share. */
  public static final String WORKERS = "workers";

  private static final String NAME = "1 to 200 bytes of UTF-8 without control characters";

  /** What a topic is for. */
  public enum Kind {
    /** Tasks: kept until handled, also while no worker has ever been there; one subscription. */
    QUEUE,
    /** Events: each subscription gets its own copy of what is published after it was made. */
    EVENTS,
    /** Requests of RPC: not made durable, refused while no server is there; one subscription. */
    CALLS
  }

  public Topic {
    if (!isName(name)) {
      throw new IllegalArgumentException("topic: '" + name + "' (expected: " + NAME + ")");
    }
  }

  /** A task queue. */
  public static Topic queue(String name) {
    return new Topic(name, Kind.QUEUE);
  }

  /** An event topic. */
  public static Topic events(String name) {
    return new Topic(name, Kind.EVENTS);
  }

  /** A queue of calls. */
  public static Topic calls(String name) {
    return new Topic(name, Kind.CALLS);
  }

  /**
   * Checks the name of a subscription: what a topic's may be, and of all but events {@link
   * #WORKERS}.
   *
   * @throws io.grpc.StatusRuntimeException {@code INVALID_ARGUMENT} for any other
   */
  public void requireSubscription(String subscription) {
    boolean workers = kind != Kind.EVENTS;
    if (workers ? !subscription.equals(WORKERS) : !isName(subscription)) {
      throw Status.INVALID_ARGUMENT
          .withDescription(
              "subscription of %s: '%s' (expected: %s)"
                  .formatted(this, subscription, workers ? "'" + WORKERS + "'" : NAME))
          .asRuntimeException();
    }
  }

  private static boolean isName(String name) {
    return isPlain(name) || isAllowed(name);
  }

  /** What nearly all names are, told without making anything. */
  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) <= ' ' || name.charAt(i) >= 127) {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= 200;
  }

  private static boolean isAllowed(String name) {
    // Half a surrogate pair is no UTF-8.
    if (name.isEmpty() || name.length() > 200 || !UTF_8.newEncoder().canEncode(name)) {
      return false;
    }
    return name.getBytes(UTF_8).length <= 200 && name.chars().noneMatch(Character::isISOControl);
  }
}
