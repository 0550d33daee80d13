package io.anywire.contract;

import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.ServiceOptions;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.anywire.contract.annotations.AnnotationsProto;
import java.util.List;
import java.util.Optional;

/** Reads services, one after another, and reports what is wrong with each. */
record ContractReader(Problems problems) {

  ServiceContract read(ServiceDescriptor service) {
    ServiceOptions options = Options.of(service, problems);
    boolean events = options.hasExtension(AnnotationsProto.events);
    EventReader eventReader =
        new EventReader(options.getExtension(AnnotationsProto.events), problems);
    if (events) {
      eventReader.checkServiceTopic(service);
    }
    TaskPolicy tasks =
        new PolicyReader(service, "tasks", problems)
            .tasks(options.getExtension(AnnotationsProto.tasks), TaskPolicy.DEFAULT);
    CallPolicy calls =
        new PolicyReader(service, "calls", problems)
            .calls(options.getExtension(AnnotationsProto.calls), CallPolicy.DEFAULT);
    ServiceReader reader =
        new ServiceReader(
            events ? Optional.of(eventReader) : Optional.empty(), tasks, calls, problems);
    List<MethodContract> methods = service.getMethods().stream().map(reader::read).toList();
    return new ServiceContract(service, events, methods);
  }

  /** What holds for every method of one service. */
  private record ServiceReader(
      Optional<EventReader> events, TaskPolicy tasks, CallPolicy calls, Problems problems) {

    MethodContract read(MethodDescriptor method) {
      MethodOptions options = Options.of(method, problems);
      return new MethodContract(
          method,
          routes(method, options),
          Idempotency.of(options.getIdempotencyLevel()),
          tasks(method, options),
          new PolicyReader(method, "call", problems)
              .calls(options.getExtension(AnnotationsProto.call), calls),
          event(method, options),
          created(method, options),
          cache(method, options));
    }

    private Optional<CachePolicy> cache(MethodDescriptor method, MethodOptions options) {
      return options.hasExtension(AnnotationsProto.cache)
          ? Optional.of(
              new CacheReader(method, problems)
                  .read(
                      options.getExtension(AnnotationsProto.cache),
                      Idempotency.of(options.getIdempotencyLevel())))
          : Optional.empty();
    }

    private List<HttpRoute> routes(MethodDescriptor method, MethodOptions options) {
      return options.hasExtension(com.google.api.AnnotationsProto.http)
          ? new HttpRuleReader(method, problems)
              .read(options.getExtension(com.google.api.AnnotationsProto.http))
          : List.of();
    }

    private TaskPolicy tasks(MethodDescriptor method, MethodOptions options) {
      boolean streams = method.isClientStreaming() || method.isServerStreaming();
      if (streams && options.hasExtension(AnnotationsProto.task)) {
        problems.add(method, "(anywire.task) on a method that streams (expected: a unary method)");
      }
      return new PolicyReader(method, "task", problems)
          .tasks(options.getExtension(AnnotationsProto.task), tasks);
    }

    private Optional<EventTopic> event(MethodDescriptor method, MethodOptions options) {
      if (events.isEmpty() && options.hasExtension(AnnotationsProto.event)) {
        problems.add(method, "(anywire.event) in a service without option (anywire.events)");
      }
      return events.map(
          reader -> reader.read(method, options.getExtension(AnnotationsProto.event)));
    }

    private Optional<PathTemplate> created(MethodDescriptor method, MethodOptions options) {
      if (!options.hasExtension(AnnotationsProto.created)) {
        return Optional.empty();
      }
      if (method.isServerStreaming()) {
        problems.add(method, "(anywire.created) on a stream of responses (expected: one response)");
      }
      try {
        PathTemplate location =
            PathTemplate.of(method.getOutputType(), options.getExtension(AnnotationsProto.created));
        if (!location.isExpandable()) {
          problems.add(
              method,
              "(anywire.created) \""
                  + location
                  + "\": a wildcard outside variables (expected: none)");
        }
        return Optional.of(location);
      } catch (IllegalArgumentException e) {
        problems.add(method, "(anywire.created) " + e.getMessage());
        return Optional.empty();
      }
    }
  }
}
