/**
 * {@code anywire://host:port}: a broker in another process, reached by a protobuf contract of ours;
 * {@link io.anywire.broker.remote.BrokerHandler} serves any broker that way.
 */
@NullMarked
package io.anywire.broker.remote;

import org.jspecify.annotations.NullMarked;
