/** The command that serves a broker to other processes. */
@NullMarked
package io.anywire.cli.broker;

import org.jspecify.annotations.NullMarked;
