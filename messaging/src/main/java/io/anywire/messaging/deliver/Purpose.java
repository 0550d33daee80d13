package io.anywire.messaging.deliver;

import io.anywire.broker.Message;
import java.util.concurrent.CompletionStage;

/** What distinguishes tasks from events for a worker. Thread-safe; must not block. */
public interface Purpose {

  /**
   * Whether the messages are events. Their handlers see the metadata of events, and one of a type
   * that nobody here handles is acknowledged; a task of such a type is put off, since another
   * worker, or the next version of this one, may know it.
   */
  boolean events();

  /**
   * Whether the handler may be asked; a message that it says no to is acknowledged without. One for
   * which that cannot be found out comes again, without counting an attempt.
   */
  CompletionStage<Boolean> mayStart(Message message);

  /**
   * Runs before a delivery is settled, which waits for it. When it fails, an attempt that is not
   * the last is retried.
   */
  CompletionStage<Void> beforeSettling(Ending ending);
}
