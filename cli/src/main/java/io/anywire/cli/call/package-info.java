/** The commands that reach a service: call, enqueue, publish, subscribe. */
@NullMarked
package io.anywire.cli.call;

import org.jspecify.annotations.NullMarked;
