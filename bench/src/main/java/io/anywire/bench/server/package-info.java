/**
 * The servers that are measured: one main class each, whose first argument is the port on
 * 127.0.0.1. Each is written as its own documentation has it, with the same contract and answer.
 */
@NullMarked
package io.anywire.bench.server;

import org.jspecify.annotations.NullMarked;
