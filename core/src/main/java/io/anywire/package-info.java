/** The runtime: opens channels and brokers by URL, and serves handlers on every wire. */
@NullMarked
package io.anywire;

import org.jspecify.annotations.NullMarked;
