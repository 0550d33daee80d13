package io.anywire.wire;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.anywire.NonBlocking;
import io.anywire.contract.Contract;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The services that a server serves, on whatever wire: handlers behind their interceptors, found by
 * method name, together with their contract. Immutable and thread-safe.
 */
public final class Services {
  private final List<ServerServiceDefinition> definitions;
  private final Contract contract;
  private final Map<String, ServedMethod<?, ?>> methods;

  private Services(
      List<ServerServiceDefinition> definitions,
      Contract contract,
      Map<String, ServedMethod<?, ?>> methods) {
    this.definitions = List.copyOf(definitions);
    this.contract = contract;
    this.methods = Map.copyOf(methods);
  }

  /**
   * Binds the handlers and checks their contracts together.
   *
   * @param interceptors applied to every method; the first is outermost
   * @throws io.anywire.contract.ContractException when a contract makes no sense
   * @throws IllegalArgumentException when two handlers serve one service
   */
  public static Services of(
      Collection<? extends BindableService> handlers, List<ServerInterceptor> interceptors) {
    Map<String, Bound> bound = new LinkedHashMap<>();
    for (BindableService handler : handlers) {
      Bound one =
          new Bound(
              handler, ServerInterceptors.interceptForward(handler.bindService(), interceptors));
      Bound other = bound.putIfAbsent(one.name(), one);
      if (other != null) {
        throw new IllegalArgumentException(
            one.name()
                + " is served by two handlers (expected: one): "
                + other.handler().getClass().getName()
                + " and "
                + handler.getClass().getName());
      }
    }
    Contract contract = Contract.of(bound.values().stream().flatMap(Bound::descriptor).toList());
    Map<String, ServedMethod<?, ?>> methods = new HashMap<>();
    bound.values().forEach(b -> b.serve(contract, methods));
    return new Services(bound.values().stream().map(Bound::definition).toList(), contract, methods);
  }

  /** Every service, in the order in which the handlers were given. */
  public List<ServerServiceDefinition> definitions() {
    return definitions;
  }

  /** The contracts of all services that are described by protobuf. */
  public Contract contract() {
    return contract;
  }

  /** The method of that full name, {@code package.Service/Method}. */
  public Optional<ServedMethod<?, ?>> method(String fullName) {
    return Optional.ofNullable(methods.get(fullName));
  }

  /** A handler and the definition that it was bound to. */
  private record Bound(BindableService handler, ServerServiceDefinition definition) {
    String name() {
      return definition.getServiceDescriptor().getName();
    }

    Stream<ServiceDescriptor> descriptor() {
      return definition.getServiceDescriptor().getSchemaDescriptor()
              instanceof ProtoServiceDescriptorSupplier schema
          ? Stream.of(schema.getServiceDescriptor())
          : Stream.empty();
    }

    void serve(Contract contract, Map<String, ServedMethod<?, ?>> into) {
      for (ServerMethodDefinition<?, ?> method : definition.getMethods()) {
        into.put(method.getMethodDescriptor().getFullMethodName(), served(method, contract));
      }
    }

    private <ReqT, RespT> ServedMethod<ReqT, RespT> served(
        ServerMethodDefinition<ReqT, RespT> method, Contract contract) {
      MethodDescriptor<ReqT, RespT> descriptor = method.getMethodDescriptor();
      return new ServedMethod<>(
          descriptor,
          method.getServerCallHandler(),
          contract.method(descriptor.getFullMethodName()),
          nonBlocking(String.valueOf(descriptor.getBareMethodName())));
    }

    private boolean nonBlocking(String method) {
      return handler.getClass().isAnnotationPresent(NonBlocking.class)
          || Arrays.stream(handler.getClass().getMethods())
              .filter(m -> m.getName().equalsIgnoreCase(method))
              .anyMatch(m -> m.isAnnotationPresent(NonBlocking.class));
    }
  }
}
