/**
 * A client's side of HTTP/2 on Netty's codec: {@link io.anywire.http.client.Http2Client} keeps the
 * connections to one address, {@link io.anywire.http.client.ClientStream} is one request.
 */
@NullMarked
package io.anywire.http.client;

import org.jspecify.annotations.NullMarked;
