package io.anywire.broker.embedded.journal;

import java.io.IOException;

/** A store is damaged in a way that no crash can explain. Nothing in it was changed. */
public final class CorruptStoreException extends IOException {
  private static final long serialVersionUID = 1;

  CorruptStoreException(Folder folder, String file, long offset, String what) {
    super("%s/%s is damaged at offset %d: %s".formatted(folder.path(), file, offset, what));
  }
}
