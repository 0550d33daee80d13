/** Armeria's servers and its client, as the benchmarks start them. */
@NullMarked
package io.anywire.bench.armeria;

import org.jspecify.annotations.NullMarked;
