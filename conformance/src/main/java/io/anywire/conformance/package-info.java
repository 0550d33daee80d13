/**
 * The semantics matrix: cases as data, a service whose requests say how to behave, and a runner
 * that holds every wire to the same outcome.
 */
@NullMarked
package io.anywire.conformance;

import org.jspecify.annotations.NullMarked;
