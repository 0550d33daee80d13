/**
 * The bases of every call: {@link io.anywire.call.InboundCall} is an {@code io.grpc.ServerCall}
 * that some wire feeds, {@link io.anywire.call.OutboundCall} an {@code io.grpc.ClientCall} that
 * some wire carries. Threads, deadlines, cancellation, credentials and demand are settled here
 * once.
 */
@NullMarked
package io.anywire.call;

import org.jspecify.annotations.NullMarked;
