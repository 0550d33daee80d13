/**
 * The clients that are measured: one main class each, whose first argument is the port on 127.0.0.1
 * on which it takes orders, and whose second is the port of the server that it calls. Each keeps to
 * one connection where its library lets it.
 */
@NullMarked
package io.anywire.bench.client;

import org.jspecify.annotations.NullMarked;
