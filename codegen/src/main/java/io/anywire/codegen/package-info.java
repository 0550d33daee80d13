/**
 * The protoc plugin that writes, beside grpc-java's {@code FooGrpc}, an interface {@code
 * FooHandler} of blocking methods for each service. The generated code runs on {@code anywire-core}
 * and Java 21; the plugin itself needs Java 17.
 */
@NullMarked
package io.anywire.codegen;

import org.jspecify.annotations.NullMarked;
