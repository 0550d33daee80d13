package io.anywire.broker.embedded.journal;

import java.io.IOException;

/** There is no segment left to write to, and no room, or no leave, to make one. */
final class StoreFullException extends IOException {
  private static final long serialVersionUID = 1;

  StoreFullException(String message) {
    super(message);
  }

  StoreFullException(String message, IOException cause) {
    super(message, cause);
  }
}
