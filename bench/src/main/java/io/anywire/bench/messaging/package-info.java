/**
 * What the benchmarks of messaging measure: one main class each, whose first argument is the port
 * on 127.0.0.1 on which it takes orders, and whose last is the URL of the broker. One process
 * publishes and handles.
 */
@NullMarked
package io.anywire.bench.messaging;

import org.jspecify.annotations.NullMarked;
