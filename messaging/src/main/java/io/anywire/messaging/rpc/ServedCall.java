package io.anywire.messaging.rpc;

import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Serving;
import io.grpc.Status;

/** A call that a server has admitted, until nothing of it is left. Thread-safe. */
interface ServedCall {

  /** Begins it; called once, and first. Must not block. */
  void begin();

  /** A further frame of the caller's. Called by one thread at a time; must not block. */
  void receive(Frame frame);

  /** Tells the caller where the call is served, unless it knows. May block. */
  void announce(Serving serving);

  /** Ends it from this side, and says why to the caller. May block. */
  void interrupt(Status why);

  /** The caller's frames do not arrive any more. Must not block. */
  void inboxLost();
}
