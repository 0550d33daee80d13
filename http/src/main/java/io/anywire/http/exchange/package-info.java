/**
 * One internal shape for a request and its response, which every version of HTTP fills and every
 * protocol on top of HTTP (gRPC, REST) consumes. Framing, header compression and flow-control
 * accounting stay with Netty's codecs below it.
 */
@NullMarked
package io.anywire.http.exchange;

import org.jspecify.annotations.NullMarked;
