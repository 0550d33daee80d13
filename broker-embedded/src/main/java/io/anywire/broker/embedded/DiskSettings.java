package io.anywire.broker.embedded;

import io.anywire.broker.embedded.journal.JournalSettings;

/**
 * How a store on disk is kept. Immutable.
 *
 * @param historyBytes how many bytes of past events it keeps, for later subscriptions
 * @param historyMillis and for how long; 0 for as long as there is room
 * @param window how many messages of a subscription that could be delivered are in memory; at least
 *     2
 * @param checkpointAfter how many bytes of the journal are read at most, about, when the store
 *     opens; up to four times as many where a checkpoint is larger than an eighth of them
 */
record DiskSettings(
    JournalSettings journal,
    long historyBytes,
    long historyMillis,
    int window,
    long checkpointAfter) {
  static final int WINDOW = 32_768;

  DiskSettings(
      JournalSettings journal, long historyBytes, long historyMillis, long checkpointAfter) {
    this(journal, historyBytes, historyMillis, WINDOW, checkpointAfter);
  }
}
