package io.anywire.messaging.envelope;

import io.anywire.contract.Contract;
import io.anywire.contract.MethodContract;
import io.anywire.contract.ServiceContract;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The contracts of the methods that are called, read from their descriptors once. Thread-safe;
 * bounded by the methods that the callers have stubs of, since what describes a method's schema is
 * its stub's only one.
 */
public final class Contracts {
  private record Known(ServiceContract service, Optional<MethodContract> method) {}

  private final Map<ProtoMethodDescriptorSupplier, Known> methods = new ConcurrentHashMap<>();

  /**
   * The contract of the service that {@code method} belongs to; empty where protobuf does not
   * describe it.
   *
   * @throws io.anywire.contract.ContractException when it makes no sense
   */
  public Optional<ServiceContract> service(MethodDescriptor<?, ?> method) {
    return known(method).map(Known::service);
  }

  /** The contract of one method; as {@link #service}. */
  public Optional<MethodContract> method(MethodDescriptor<?, ?> method) {
    return known(method).flatMap(Known::method);
  }

  /** The contract of {@code method} among those of {@code service}. */
  public static Optional<MethodContract> in(
      ServiceContract service, MethodDescriptor<?, ?> method) {
    return in(service, String.valueOf(method.getBareMethodName()));
  }

  private Optional<Known> known(MethodDescriptor<?, ?> method) {
    return method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema
        ? Optional.of(methods.computeIfAbsent(schema, Contracts::read))
        : Optional.empty();
  }

  private static Known read(ProtoMethodDescriptorSupplier schema) {
    var method = schema.getMethodDescriptor();
    ServiceContract service = Contract.of(List.of(method.getService())).services().get(0);
    return new Known(service, in(service, method.getName()));
  }

  private static Optional<MethodContract> in(ServiceContract service, String method) {
    return service.methods().stream()
        .filter(m -> m.descriptor().getName().equals(method))
        .findFirst();
  }
}
