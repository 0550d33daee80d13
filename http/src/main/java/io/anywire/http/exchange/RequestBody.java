package io.anywire.http.exchange;

import io.netty.buffer.ByteBuf;

/** Receives a request's body; every method is called on the connection's event loop. */
public interface RequestBody {

  /**
   * A piece of the body. The receiver owns the buffer and releases it; the client may send more
   * only when {@link Exchange#consumed} says so.
   */
  void data(ByteBuf piece);

  /** The request is complete. */
  void end();

  /** The client broke the exchange off, or is gone. Nothing follows. */
  void cancelled();

  /** {@link Exchange#isWritable} has become true again. */
  default void writable() {}
}
