package io.anywire.contract;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Several services, read and checked together: what each says about itself, and the HTTP routes of
 * all of them.
 *
 * <p>Immutable and thread-safe.
 */
public final class Contract {
  private final Map<String, ServiceContract> services;
  private final Map<String, MethodContract> methods;
  private final RouteTable routes;

  private Contract(
      Map<String, ServiceContract> services,
      Map<String, MethodContract> methods,
      RouteTable routes) {
    this.services = services;
    this.methods = methods;
    this.routes = routes;
  }

  /**
   * Reads services. Their options are understood however the descriptors were made: generated, from
   * a descriptor set, or by server reflection.
   *
   * @throws ContractException listing everything that makes no sense
   */
  public static Contract of(Collection<ServiceDescriptor> descriptors) {
    Problems problems = new Problems();
    ContractReader reader = new ContractReader(problems);
    Map<String, ServiceContract> services = new LinkedHashMap<>();
    for (ServiceDescriptor descriptor : descriptors) {
      if (services.containsKey(descriptor.getFullName())) {
        problems.add(descriptor, "a second service of this name (expected: every service once)");
      } else {
        services.put(descriptor.getFullName(), reader.read(descriptor));
      }
    }
    Map<String, MethodContract> methods = new LinkedHashMap<>();
    RouteTable.Builder routes = new RouteTable.Builder();
    for (ServiceContract service : services.values()) {
      for (MethodContract method : service.methods()) {
        methods.put(method.fullName(), method);
        method.routes().forEach(route -> addRoute(routes, method, route, problems));
      }
    }
    problems.throwIfAny();
    return new Contract(services, methods, routes.build());
  }

  /** The services, in the order in which they were given. */
  public List<ServiceContract> services() {
    return List.copyOf(services.values());
  }

  /** The service of a full name, {@code shop.v1.UserService}. */
  public Optional<ServiceContract> service(String fullName) {
    return Optional.ofNullable(services.get(fullName));
  }

  /** The method of a full name, {@code shop.v1.UserService/GetUser}. */
  public Optional<MethodContract> method(String fullName) {
    return Optional.ofNullable(methods.get(fullName));
  }

  /** The HTTP routes of all services. */
  public RouteTable routes() {
    return routes;
  }

  private static void addRoute(
      RouteTable.Builder routes, MethodContract method, HttpRoute route, Problems problems) {
    routes
        .add(method, route)
        .ifPresent(other ->
            problems.add(
                method.descriptor(),
                "(google.api.http) %s: the same route as %s of %s in %s (expected: a route of its own)"
                    .formatted(
                        route,
                        other.route(),
                        other.method().fullName(),
                        other.method().descriptor().getFile().getName())));
  }
}
