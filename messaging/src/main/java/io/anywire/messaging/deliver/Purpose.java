package io.anywire.messaging.deliver;

import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import java.util.concurrent.CompletionStage;

/** What distinguishes tasks from events for a worker. Thread-safe; must not block. */
public interface Purpose {

  /** Whether handlers see the metadata of events. */
  boolean events();

  /**
   * Runs before a delivery is settled, which waits for it. When it fails, an attempt that is not
   * the last is retried.
   */
  CompletionStage<Void> beforeSettling(Ending ending);

  /**
   * What becomes of a message of a type that nobody here handles.
   *
   * @param attempts the outcomes it has had
   */
  Outcome unknownType(Message message, int attempts);
}
