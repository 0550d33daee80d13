/** The commands that operate a broker, run against real ones. */
@NullMarked
package io.anywire.cli.operate;

import org.jspecify.annotations.NullMarked;
