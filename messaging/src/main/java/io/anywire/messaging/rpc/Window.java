package io.anywire.messaging.rpc;

/**
 * How many messages the other side may send. They are granted ahead of the demand, so that it need
 * not wait for each; what it holds is bounded all the same, by bytes: about {@value #ROOM_BYTES}
 * for messages as large as the latest were, at least {@value #LEAST} and at most {@value #MOST}
 * messages. Thread-safe.
 */
final class Window {
  /** What is granted before anything is known of the messages' size. */
  static final int FIRST = 16;

  private static final int LEAST = 2;
  private static final int MOST = 128;
  private static final int ROOM_BYTES = 1 << 20;

  /** Granted, and not arrived. */
  private int unspent = FIRST;

  /** Arrived, and not taken. */
  private int untaken;

  private long usualBytes;

  /**
   * A message has arrived.
   *
   * @return whether it had been granted
   */
  synchronized boolean arrived(int bytes) {
    if (unspent == 0) {
      return false;
    }
    unspent--;
    untaken++;
    usualBytes = usualBytes == 0 ? bytes : (3 * usualBytes + bytes) / 4;
    return true;
  }

  /**
   * A message was taken by whom it is for.
   *
   * @return how many are to be granted now; 0 until it is worth a frame
   */
  synchronized int taken() {
    untaken--;
    int room = (int) Math.clamp(ROOM_BYTES / Math.max(1, usualBytes), LEAST, MOST);
    int grant = room - unspent - untaken;
    if (2 * grant < room) {
      return 0;
    }
    unspent += grant;
    return grant;
  }
}
