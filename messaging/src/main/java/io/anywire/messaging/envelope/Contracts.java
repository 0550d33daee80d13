package io.anywire.messaging.envelope;

import com.google.protobuf.Descriptors.ServiceDescriptor;
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
 * bounded by the services that the callers have stubs of.
 */
public final class Contracts {
  private final Map<ServiceDescriptor, ServiceContract> services = new ConcurrentHashMap<>();

  /**
   * The contract of the service that {@code method} belongs to; empty where protobuf does not
   * describe it.
   *
   * @throws io.anywire.contract.ContractException when it makes no sense
   */
  public Optional<ServiceContract> service(MethodDescriptor<?, ?> method) {
    return method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema
        ? Optional.of(
            services.computeIfAbsent(schema.getMethodDescriptor().getService(), Contracts::read))
        : Optional.empty();
  }

  /** The contract of one method; as {@link #service}. */
  public Optional<MethodContract> method(MethodDescriptor<?, ?> method) {
    return service(method).flatMap(service -> in(service, method));
  }

  /** The contract of {@code method} among those of {@code service}. */
  public static Optional<MethodContract> in(
      ServiceContract service, MethodDescriptor<?, ?> method) {
    return service.methods().stream()
        .filter(m -> m.descriptor().getName().equals(method.getBareMethodName()))
        .findFirst();
  }

  private static ServiceContract read(ServiceDescriptor service) {
    return Contract.of(List.of(service)).services().get(0);
  }
}
