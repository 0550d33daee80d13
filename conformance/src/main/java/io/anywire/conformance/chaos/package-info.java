/**
 * Faults, made at random under load: brokers and workers in processes of their own are killed,
 * frozen and cut off, and every call, task and event is accounted for.
 */
@NullMarked
package io.anywire.conformance.chaos;

import org.jspecify.annotations.NullMarked;
