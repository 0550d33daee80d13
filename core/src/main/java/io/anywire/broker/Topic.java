package io.anywire.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Where messages go. Everything is a topic with subscriptions; the kind says what is to be kept.
 *
 * @param name 1 to 200 bytes of UTF-8 without control characters
 */
public record Topic(String name, Kind kind) {
  /** The subscription that all workers of a queue, and all servers of a call queue, share. */
  public static final String WORKERS = "workers";

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
    if (!isPlain(name) && !isAllowed(name)) {
      throw new IllegalArgumentException(
          "topic: '" + name + "' (expected: 1 to 200 bytes without control characters)");
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
    int bytes = name.getBytes(UTF_8).length;
    return bytes >= 1 && bytes <= 200 && name.chars().noneMatch(Character::isISOControl);
  }
}
