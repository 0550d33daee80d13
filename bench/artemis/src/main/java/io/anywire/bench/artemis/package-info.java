/** A queue of Apache Artemis, as the benchmark of brokers drives it. */
@NullMarked
package io.anywire.bench.artemis;

import org.jspecify.annotations.NullMarked;
