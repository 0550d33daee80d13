package io.anywire.codec;

import java.io.IOException;

/** Where a reader or a writer stands: it names that place when it rejects what is there. */
public interface Place {
  /** A fault here; the description says what was got and what was expected. */
  RuntimeException reject(String description);

  /** The value being read is not what was expected; the rejection shows it. */
  RuntimeException rejectToken(String expected) throws IOException;
}
