/**
 * gRPC over HTTP/2 as its protocol document lays down (PROTOCOL-HTTP2.md of grpc/grpc), for calls
 * that come in through {@link io.anywire.http.exchange.Exchange}.
 */
@NullMarked
package io.anywire.http.grpc;

import org.jspecify.annotations.NullMarked;
