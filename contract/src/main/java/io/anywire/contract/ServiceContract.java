package io.anywire.contract;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.List;

/**
 * What the contract says about one service. Immutable.
 *
 * @param descriptor the service itself
 * @param events whether it is an event contract: calling a method publishes an event
 * @param methods its methods, in the order of the file
 */
public record ServiceContract(
    ServiceDescriptor descriptor, boolean events, List<MethodContract> methods) {

  /** Copies the methods. */
  public ServiceContract {
    methods = List.copyOf(methods);
  }

  /** The full name: {@code shop.v1.UserService}. */
  public String name() {
    return descriptor.getFullName();
  }

  /** The queue that the service's tasks go to: its full name. */
  public String taskQueue() {
    return name();
  }

  /** The queue that calls to the service go to: its full name with {@code .rpc} behind. */
  public String callQueue() {
    return name() + ".rpc";
  }

  /**
   * This service as an event contract, by default names where it is not marked as one: all events
   * share the topic named like the service, without order.
   *
   * @throws ContractException when a method streams, or returns something
   */
  public ServiceContract asEvents() {
    if (events) {
      return this;
    }
    Problems problems = new Problems();
    methods.forEach(method -> EventReader.checkShape(method.descriptor(), problems));
    problems.throwIfAny();
    EventTopic topic = EventTopic.ofService(descriptor);
    return new ServiceContract(
        descriptor, true, methods.stream().map(method -> method.asEvent(topic)).toList());
  }
}
