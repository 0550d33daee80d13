/**
 * What {@link io.anywire.broker.Broker} guarantees, as tests that every driver passes: a driver's
 * author extends {@link io.anywire.conformance.broker.BrokerSuite}, and {@link
 * io.anywire.conformance.broker.RestartSuite} where the engine is a process of its own. The cases
 * of one topic are an interface, so that all of them are reported as tests of the driver's class.
 */
@NullMarked
package io.anywire.conformance.broker;

import org.jspecify.annotations.NullMarked;
