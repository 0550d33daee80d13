package io.anywire.broker.embedded.journal;

/** When a batch is committed. */
public enum Durability {
  /** On stable storage: it survives a power cut. */
  FSYNC,
  /** With the operating system: it survives a killed process. */
  PAGE_CACHE,
  /** In memory, and written behind: it survives an orderly close. */
  MEMORY
}
