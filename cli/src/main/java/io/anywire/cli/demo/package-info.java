/** The sample shop as three processes, with traffic over every wire. */
@NullMarked
package io.anywire.cli.demo;

import org.jspecify.annotations.NullMarked;
