/** The commands that look into a broker and set it right. */
@NullMarked
package io.anywire.cli.operate;

import org.jspecify.annotations.NullMarked;
