/**
 * Real brokers, databases and processes for tests. Everything listens on loopback only, on free
 * ports, keeps its data in a temporary folder of its own and is stopped through the handle that
 * started it; nothing here is ever replaced by a fake, and nothing that is missing is skipped.
 */
@NullMarked
package io.anywire.testing;

import org.jspecify.annotations.NullMarked;
