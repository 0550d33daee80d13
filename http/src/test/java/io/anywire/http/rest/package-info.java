/** REST proven by real clients on a real server. */
@NullMarked
package io.anywire.http.rest;

import org.jspecify.annotations.NullMarked;
