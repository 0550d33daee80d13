/**
 * REST by {@code google.api.http}: {@link io.anywire.http.rest.RestServer} lets any HTTP client
 * call a handler, {@link io.anywire.http.rest.RestChannel} lets a generated stub call any such
 * server.
 */
@NullMarked
package io.anywire.http.rest;

import org.jspecify.annotations.NullMarked;
