/** Peers that attack the HTTP engine, and what becomes of them. */
@NullMarked
package io.anywire.http.hostile;

import org.jspecify.annotations.NullMarked;
