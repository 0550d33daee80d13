package io.anywire.bench.messaging;

/** What an engine tells of messages. Thread-safe. */
public interface Progress {
  /** The engine has taken responsibility for that message. */
  void acknowledged(long number);

  /**
   * A consumer has the whole of that message.
   *
   * @param bytes of its payload
   */
  void received(String id, int bytes);

  /** The engine has taken note that one message was handled. */
  void settled();

  /** Something went wrong. */
  void failed(Throwable why);
}
