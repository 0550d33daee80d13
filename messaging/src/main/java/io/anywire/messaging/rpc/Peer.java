package io.anywire.messaging.rpc;

import io.anywire.broker.Broker;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Serving;

/**
 * The other side of a call: the inbox that frames go to, and the call's number there. Immutable.
 *
 * @param broker that the inbox is at
 */
record Peer(Broker broker, String inbox, long callId) {
  static Peer of(Broker broker, Serving serving) {
    return new Peer(broker, serving.getInbox(), serving.getCallId());
  }

  /**
   * Sends a frame; those of one thread arrive in order. May wait for a place in a bounded buffer.
   *
   * @throws io.grpc.StatusRuntimeException when it cannot be sent
   */
  void send(Frame.Builder frame) {
    broker.send(inbox, Frames.message(frame.setCallId(callId).build()));
  }
}
