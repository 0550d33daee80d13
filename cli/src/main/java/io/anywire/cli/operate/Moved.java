package io.anywire.cli.operate;

import io.anywire.broker.Message;
import io.anywire.broker.Stored;
import java.util.Optional;

/**
 * What is remembered of a message that is moved.
 *
 * @param how where it was
 * @param key its ordering key, where its order tells something: a priority of its own goes before
 *     it
 */
record Moved(How how, String id, Optional<String> key) {
  private static final int NORMAL = Message.NORMAL_PRIORITY;

  /** Where a message was. */
  enum How {
    READY,
    DELAYED,
    DEAD
  }

  /** Which message it is, wherever it rests: a dead letter is another than one that lives. */
  record Identity(boolean dead, String id) {}

  static Moved of(Stored stored) {
    How alive = stored.due().isPresent() ? How.DELAYED : How.READY;
    return new Moved(
        stored.death().isPresent() ? How.DEAD : alive,
        stored.message().id(),
        stored.message().key().filter(key -> stored.message().priority() == NORMAL));
  }

  Identity identity() {
    return new Identity(how == How.DEAD, id);
  }
}
