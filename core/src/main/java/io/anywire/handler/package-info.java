/**
 * What generated handler interfaces run on: blocking methods behind gRPC's call handlers, on any
 * gRPC server. Handler authors meet {@link io.anywire.handler.Incoming} and {@link
 * io.anywire.handler.Sender} only; the rest is called by generated code.
 */
@NullMarked
package io.anywire.handler;

import org.jspecify.annotations.NullMarked;
