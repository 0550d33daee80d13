package io.anywire.http.hostile;

/**
 * One way to misuse the server.
 *
 * @param wire what it is spoken over, as {@code docs/limits.md} calls it
 * @param secure whether it is for the port with TLS
 * @param name what is done
 * @param refusal what the server is to do about it, as {@code docs/limits.md} says it
 * @param times how often it is done
 * @param program does it once, and says what the server did
 */
record Attack(
    String wire, boolean secure, String name, String refusal, int times, Program program) {
  private static final int SLOW = 6;

  /** What an attack does. */
  @FunctionalInterface
  interface Program {
    /** Attacks the server behind {@code door}; says what it did. */
    String attack(Door door) throws Exception;
  }

  /** Whether it takes its time, or more than a few packets. */
  boolean isSlow() {
    return times <= SLOW;
  }

  /** How often others like it can be made in a second without being busy with that alone. */
  int perSecond() {
    return isSlow() ? 20 : 100;
  }

  @Override
  public String toString() {
    return wire + ": " + name;
  }
}
