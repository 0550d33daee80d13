/**
 * What holds for calls, tasks and events over any broker: abstract suites that a driver extends
 * with the URL of an empty broker.
 */
@NullMarked
package io.anywire.messaging;

import org.jspecify.annotations.NullMarked;
