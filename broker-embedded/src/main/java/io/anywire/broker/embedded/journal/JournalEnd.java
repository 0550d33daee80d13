package io.anywire.broker.embedded.journal;

/**
 * Where a journal that is whole ends. Immutable.
 *
 * @param file the segment
 * @param offset in it
 * @param position in the journal
 * @param clean whether it was closed in good order
 * @param torn how many bytes behind the end a crash has left, as far as can be told; they were
 *     never acknowledged, and go when the store is opened
 */
public record JournalEnd(String file, long offset, long position, boolean clean, long torn) {}
