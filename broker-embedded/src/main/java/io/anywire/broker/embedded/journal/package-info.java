/**
 * The journal of a store on disk: one file format, one writer, and what a crash can leave of it.
 * {@code docs/store.md} has the format and the invariants. Knows nothing of topics.
 */
@NullMarked
package io.anywire.broker.embedded.journal;

import org.jspecify.annotations.NullMarked;
