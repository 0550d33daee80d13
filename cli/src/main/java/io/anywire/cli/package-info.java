/** The {@code anywire} command. */
@NullMarked
package io.anywire.cli;

import org.jspecify.annotations.NullMarked;
