package io.anywire.bench;

/** A subject or a load tool did not do what it was measured for. */
final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BenchException(String message) {
    super(message);
  }
}
