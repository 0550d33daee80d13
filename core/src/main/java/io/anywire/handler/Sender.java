package io.anywire.handler;

/**
 * Where the handler of a server-streaming or bidirectional call sends its responses. The stream
 * ends when the handler's method returns (status OK) or throws.
 *
 * <p>For one thread at a time. To call a handler's method in plain Java, pass {@code list::add}.
 *
 * @param <T> the response type
 */
@FunctionalInterface
public interface Sender<T> {

  /**
   * Hands one response to the transport, in order. Blocks first, as long as the transport already
   * holds as much as the peer is ready to take, so that a slow peer slows the handler down.
   *
   * @throws io.grpc.StatusRuntimeException when the call is cancelled ({@code CANCELLED}) or its
   *     deadline has passed ({@code DEADLINE_EXCEEDED}), even while blocked; also when the thread
   *     is interrupted, which stays set, and when the handler's method has returned
   */
  void send(T response);
}
