/**
 * Messages that become calls of handlers: the worker of tasks and events, and the one place that
 * decides about retries and dead letters. {@link io.anywire.messaging.deliver.Received} is for
 * handlers; the rest is not for use outside this module.
 */
@NullMarked
package io.anywire.messaging.deliver;

import org.jspecify.annotations.NullMarked;
