/**
 * The HTTP engine: HTTP/1.1 and HTTP/2 on one port, on Netty's codecs, told apart by the first
 * bytes of a connection. Everything here but {@link io.anywire.http.netty.HttpServer} runs on event
 * loops.
 */
@NullMarked
package io.anywire.http.netty;

import org.jspecify.annotations.NullMarked;
