/**
 * The Connect protocol (connectrpc.com/docs/protocol): every method by its name, unary ones as
 * plain HTTP with a body of JSON or protobuf, streams in envelopes, over any version of HTTP.
 */
@NullMarked
package io.anywire.http.connect;

import org.jspecify.annotations.NullMarked;
