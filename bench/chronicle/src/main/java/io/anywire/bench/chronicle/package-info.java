/** A queue of Chronicle Queue, as the benchmark of brokers drives it. */
@NullMarked
package io.anywire.bench.chronicle;

import org.jspecify.annotations.NullMarked;
