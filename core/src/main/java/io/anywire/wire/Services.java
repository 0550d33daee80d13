package io.anywire.wire;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.anywire.NonBlocking;
import io.anywire.contract.Contract;
import io.anywire.contract.MethodContract;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    Map<String, ServerServiceDefinition> definitions = new HashMap<>();
    List<ServerServiceDefinition> inOrder = new ArrayList<>();
    List<ServiceDescriptor> descriptors = new ArrayList<>();
    Map<String, BindableService> handlerOf = new HashMap<>();
    for (BindableService handler : handlers) {
      ServerServiceDefinition definition =
          ServerInterceptors.interceptForward(handler.bindService(), interceptors);
      String name = definition.getServiceDescriptor().getName();
      if (definitions.putIfAbsent(name, definition) != null) {
        throw new IllegalArgumentException(
            name + " is served by two handlers (expected: one): " + handlerOf.get(name) + ", " + handler);
      }
      inOrder.add(definition);
      handlerOf.put(name, handler);
      if (definition.getServiceDescriptor().getSchemaDescriptor()
          instanceof ProtoServiceDescriptorSupplier schema) {
        descriptors.add(schema.getServiceDescriptor());
      }
    }
    Contract contract = Contract.of(descriptors);
    Map<String, ServedMethod<?, ?>> methods = new HashMap<>();
    for (ServerServiceDefinition definition : inOrder) {
      BindableService handler = handlerOf.get(definition.getServiceDescriptor().getName());
      for (ServerMethodDefinition<?, ?> method : definition.getMethods()) {
        String name = method.getMethodDescriptor().getFullMethodName();
        methods.put(name, served(method, contract.method(name), handler));
      }
    }
    return new Services(inOrder, contract, methods);
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

  private static <ReqT, RespT> ServedMethod<ReqT, RespT> served(
      ServerMethodDefinition<ReqT, RespT> method,
      Optional<MethodContract> contract,
      BindableService handler) {
    MethodDescriptor<ReqT, RespT> descriptor = method.getMethodDescriptor();
    return new ServedMethod<>(
        descriptor,
        method.getServerCallHandler(),
        contract,
        nonBlocking(handler.getClass(), descriptor));
  }

  private static boolean nonBlocking(Class<?> handler, MethodDescriptor<?, ?> method) {
    String name = method.getBareMethodName();
    return handler.isAnnotationPresent(NonBlocking.class)
        || Arrays.stream(handler.getMethods())
            .filter(m -> m.getName().equalsIgnoreCase(name))
            .anyMatch(m -> m.isAnnotationPresent(NonBlocking.class));
  }
}
