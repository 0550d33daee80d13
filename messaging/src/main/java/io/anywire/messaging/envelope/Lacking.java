package io.anywire.messaging.envelope;

import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.grpc.Status;

/** Says by name what a broker cannot do. */
public final class Lacking {
  private Lacking() {}

  /**
   * Refuses what needs a capability that the broker lacks.
   *
   * @param what what needs it, with the reason: {@code shop.v1.Orders.Placed: it has an
   *     ordering_key}
   * @param url where the broker is; a password in it is not shown
   * @throws io.grpc.StatusRuntimeException {@code UNIMPLEMENTED}
   */
  public static void require(Broker broker, Capability needed, String what, String url) {
    if (!broker.capabilities().has(needed)) {
      throw Status.UNIMPLEMENTED.withDescription(message(needed, what, url)).asRuntimeException();
    }
  }

  /**
   * The same when something starts.
   *
   * @throws IllegalArgumentException with the same words
   */
  public static void requireAtStart(Broker broker, Capability needed, String what, String url) {
    if (!broker.capabilities().has(needed)) {
      throw new IllegalArgumentException(message(needed, what, url));
    }
  }

  private static String message(Capability needed, String what, String url) {
    return what + ", and " + url + " lacks the capability '" + needed + "'";
  }
}
