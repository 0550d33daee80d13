package io.anywire.broker.embedded.journal;

import java.io.IOException;
import java.util.Set;

/**
 * The folder of a store. What is created, renamed or deleted in it may be undone by a power cut
 * until {@link #sync} has returned, each for itself. Thread-safe.
 */
public interface Folder {

  /** Where it is, for messages. */
  String path();

  /** The names of its files. */
  Set<String> names() throws IOException;

  /** Opens a file, which is created, empty, where it does not exist. */
  StoreFile open(String name) throws IOException;

  /** Gives a file another name, in place of the one that has it. */
  void rename(String from, String to) throws IOException;

  /** Deletes a file, if it is there. */
  void delete(String name) throws IOException;

  /** Returns when the names are on stable storage. */
  void sync() throws IOException;
}
