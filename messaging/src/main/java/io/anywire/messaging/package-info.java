/**
 * Calls, tasks and events over any broker. {@link io.anywire.messaging.BrokerWire} makes a broker's
 * URL a wire; {@link io.anywire.messaging.Tasks} leaves work for later, and {@link
 * io.anywire.messaging.Events} tells whoever subscribed.
 */
@NullMarked
package io.anywire.messaging;

import org.jspecify.annotations.NullMarked;
