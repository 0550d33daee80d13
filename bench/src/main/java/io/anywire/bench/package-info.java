/**
 * Benchmarks that measure Anywire and its peers interleaved in one run, each as a server process of
 * its own under the load of a tool that none of them brought along.
 */
@NullMarked
package io.anywire.bench;

import org.jspecify.annotations.NullMarked;
