package io.anywire.broker.embedded.journal;

import java.io.IOException;

/** A store is damaged in a way that no crash can explain. Nothing in it was changed. */
public final class CorruptStoreException extends IOException {
  private static final long serialVersionUID = 1;

  private final String file;
  private final long offset;
  private final String what;

  CorruptStoreException(Folder folder, String file, long offset, String what) {
    super("%s/%s is damaged at offset %d: %s".formatted(folder.path(), file, offset, what));
    this.file = file;
    this.offset = offset;
    this.what = what;
  }

  /** The name of the file that is damaged. */
  public String file() {
    return file;
  }

  /** Where in it, in bytes. */
  public long offset() {
    return offset;
  }

  /** What is wrong there. */
  public String what() {
    return what;
  }
}
