package io.anywire.broker.embedded.journal;

import java.util.List;

/**
 * Where a journal ends, in a way that a crash or an orderly close can leave.
 *
 * @param last the segment that it ends in
 * @param end the position of the end
 * @param strays where headers of batches stand that do not belong to it any more
 * @param torn whether something behind the end was written, and never acknowledged
 * @param synced everything before this position was on stable storage
 * @param tail how many bytes are torn, as far as can be told; 0 without
 */
record Ending(Segment last, long end, List<Stray> strays, boolean torn, long synced, long tail) {

  /** Where a header that does not belong to the journal any more stands. */
  record Stray(Segment segment, int offset) {}
}
