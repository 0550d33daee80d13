package io.anywire.bench.chronicle;

import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.rollcycles.RollCycleArithmetic;

/** A file every five seconds, so that there is always an old one to remove. */
final class FiveSecondly implements RollCycle {
  private static final RollCycleArithmetic ARITHMETIC = RollCycleArithmetic.of(8_192, 64);

  @Override
  public String format() {
    return "yyyyMMdd-HHmmss";
  }

  @Override
  public int lengthInMillis() {
    return 5_000;
  }

  @Override
  public int defaultIndexCount() {
    return ARITHMETIC.indexCount();
  }

  @Override
  public int defaultIndexSpacing() {
    return ARITHMETIC.indexSpacing();
  }

  @Override
  public long maxMessagesPerCycle() {
    return ARITHMETIC.maxMessagesPerCycle();
  }

  @Override
  public long toIndex(int cycle, long sequenceNumber) {
    return ARITHMETIC.toIndex(cycle, sequenceNumber);
  }

  @Override
  public long toSequenceNumber(long index) {
    return ARITHMETIC.toSequenceNumber(index);
  }

  @Override
  public int toCycle(long index) {
    return ARITHMETIC.toCycle(index);
  }
}
