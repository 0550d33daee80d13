package io.anywire.broker.embedded;

import io.anywire.broker.embedded.journal.JournalSettings;

/**
 * How a store on disk is kept. Immutable.
 *
 * @param historyBytes how many bytes of past events it keeps, for later subscriptions
 * @param historyMillis and for how long; 0 for as long as there is room
 */
record DiskSettings(JournalSettings journal, long historyBytes, long historyMillis) {}
