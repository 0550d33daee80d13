/**
 * A private HTTP cache (RFC 9111) of one client: what may be kept, how long it is fresh, and how it
 * is asked for again.
 */
@NullMarked
package io.anywire.http.cache;

import org.jspecify.annotations.NullMarked;
