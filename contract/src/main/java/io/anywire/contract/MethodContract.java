package io.anywire.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.List;
import java.util.Optional;

/**
 * What the contract says about one method. Immutable.
 *
 * @param descriptor the method itself
 * @param routes its HTTP routes: the rule's own, then its additional bindings; may be empty
 * @param idempotency whether a call may be repeated
 * @param tasks the policy of its tasks, or of handling its events
 * @param calls the policy of calls to it
 * @param event where its events go; present exactly for methods of an event contract
 * @param created for a method that creates a resource, the template of its {@code Location}, over
 *     the response's fields
 * @param cache how long caches may use an answer again, where the contract says so
 */
public record MethodContract(
    MethodDescriptor descriptor,
    List<HttpRoute> routes,
    Idempotency idempotency,
    TaskPolicy tasks,
    CallPolicy calls,
    Optional<EventTopic> event,
    Optional<PathTemplate> created,
    Optional<CachePolicy> cache) {

  /** Copies the routes. */
  public MethodContract {
    routes = List.copyOf(routes);
  }

  /** The name on gRPC's wire: {@code shop.v1.UserService/GetUser}. */
  public String fullName() {
    return descriptor.getService().getFullName() + "/" + descriptor.getName();
  }

  /** The CloudEvents {@code type} of its events: {@code shop.v1.UserService.GetUser}. */
  public String eventType() {
    return descriptor.getFullName();
  }

  /** Whether one request gets one response. */
  public boolean isUnary() {
    return !clientStreams() && !serverStreams();
  }

  /** Whether the caller sends a stream of requests. */
  public boolean clientStreams() {
    return descriptor.isClientStreaming();
  }

  /** Whether the handler answers with a stream of responses. */
  public boolean serverStreams() {
    return descriptor.isServerStreaming();
  }

  /** The request's type. */
  public Descriptor inputType() {
    return descriptor.getInputType();
  }

  /** The response's type. */
  public Descriptor outputType() {
    return descriptor.getOutputType();
  }

  MethodContract asEvent(EventTopic topic) {
    return new MethodContract(
        descriptor, routes, idempotency, tasks, calls, Optional.of(topic), created, cache);
  }
}
