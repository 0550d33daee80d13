package io.anywire.http.grpc;

import io.anywire.wire.ServedMethod;

/**
 * A method that a port answers, be it of a service that it was given or built in, and who keeps
 * account of its calls. Immutable.
 */
public record Answered(ServedMethod<?, ?> method, CallOwner owner) {}
