package io.anywire.wire;

import io.anywire.contract.MethodContract;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import java.util.Optional;

/**
 * A method that is served: its descriptor, its handler behind all interceptors, and what its
 * contract says. Immutable.
 *
 * @param contract empty for a method that is not described by protobuf; such a method is reached by
 *     gRPC and queues but not by REST
 * @param nonBlocking whether the handler promised, by {@link io.anywire.NonBlocking}, not to block
 */
public record ServedMethod<ReqT, RespT>(
    MethodDescriptor<ReqT, RespT> descriptor,
    ServerCallHandler<ReqT, RespT> handler,
    Optional<MethodContract> contract,
    boolean nonBlocking) {

  /** The name on every wire: {@code package.Service/Method}. */
  public String name() {
    return descriptor.getFullMethodName();
  }
}
