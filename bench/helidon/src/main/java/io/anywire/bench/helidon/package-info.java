/** Helidon's servers, as the benchmarks start them. */
@NullMarked
package io.anywire.bench.helidon;

import org.jspecify.annotations.NullMarked;
