package io.anywire.http.hostile;

/**
 * One way to misuse the server.
 *
 * @param wire what it is spoken over: {@code HTTP/1.1} or {@code HTTP/2}
 * @param name what is done
 * @param refusal what the server is to do about it, as {@code docs/limits.md} says it
 * @param times how often it is done
 * @param program does it once, and says what the server did
 */
record Attack(String wire, String name, String refusal, int times, Program program) {
  /** What an attack does. */
  @FunctionalInterface
  interface Program {
    /** Attacks the server on {@code port}; says what it did. */
    String attack(int port) throws Exception;
  }

  @Override
  public String toString() {
    return wire + ": " + name;
  }
}
