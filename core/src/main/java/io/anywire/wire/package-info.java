/** What a wire has to provide, and what it is given to serve. */
@NullMarked
package io.anywire.wire;

import org.jspecify.annotations.NullMarked;
