/** The command, run against real servers. */
@NullMarked
package io.anywire.cli.demo;

import org.jspecify.annotations.NullMarked;
