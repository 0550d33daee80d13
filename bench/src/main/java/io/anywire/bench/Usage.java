package io.anywire.bench;

import java.time.Duration;

/**
 * What a JVM has used since its start.
 *
 * @param cpu user and system time of all its threads but those of the JIT compilers
 * @param allocatedBytes on its heap
 */
record Usage(Duration cpu, long allocatedBytes) {
  Usage minus(Usage before) {
    return new Usage(cpu.minus(before.cpu), allocatedBytes - before.allocatedBytes);
  }

  Measurement per(LoadResult result) {
    return new Measurement(
        result.perSecond(),
        cpu.toNanos() / 1_000.0 / result.requests(),
        (double) allocatedBytes / result.requests());
  }
}
