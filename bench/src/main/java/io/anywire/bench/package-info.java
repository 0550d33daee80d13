/**
 * Benchmarks that measure Anywire and its peers interleaved in one run, each as a process of its
 * own: servers under the load of a tool that none of them brought along, clients that call one
 * server which is the same for all.
 */
@NullMarked
package io.anywire.bench;

import org.jspecify.annotations.NullMarked;
