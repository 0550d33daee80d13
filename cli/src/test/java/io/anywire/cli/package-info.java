/** The command, run against real servers. */
@NullMarked
package io.anywire.cli;

import org.jspecify.annotations.NullMarked;
