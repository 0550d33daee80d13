package io.anywire.contract;

import com.google.protobuf.Descriptors.GenericDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.anywire.contract.annotations.EventRule;
import java.util.Optional;

/** Reads the topics of an event contract: a method's rule refines its service's, field by field. */
record EventReader(EventRule serviceRule, Problems problems) {
  private static final String EMPTY = "google.protobuf.Empty";

  /** Reports a method that cannot be an event: one that streams, or returns something. */
  static void checkShape(MethodDescriptor method, Problems problems) {
    if (method.isClientStreaming() || method.isServerStreaming()) {
      problems.add(method, "an event method that streams (expected: one request, one response)");
    }
    String output = method.getOutputType().getFullName();
    if (!output.equals(EMPTY)) {
      problems.add(method, "an event method that returns " + output + " (expected: " + EMPTY + ")");
    }
  }

  EventTopic read(MethodDescriptor method, EventRule methodRule) {
    checkShape(method, problems);
    Optional<FieldPath> key = orderingKey(method, methodRule);
    boolean holds = methodRule.hasHoldsKey() ? methodRule.getHoldsKey() : serviceRule.getHoldsKey();
    if (key.isEmpty() && methodRule.getHoldsKey()) {
      problems.add(method, "holds_key without an ordering_key");
    }
    return new EventTopic(topic(method, methodRule), key, holds && key.isPresent());
  }

  private String topic(MethodDescriptor method, EventRule methodRule) {
    String name = method.getService().getFullName();
    String otherwise = EventTopic.isName(name) ? name : "unnamed";
    if (!methodRule.getTopic().isEmpty()) {
      return checked(method, methodRule.getTopic(), otherwise);
    }
    return serviceRule.getTopic().isEmpty() ? otherwise : validOr(serviceRule, otherwise);
  }

  /** Reports the service's own topic once, however many methods use it. */
  void checkServiceTopic(GenericDescriptor service) {
    boolean byName = serviceRule.getTopic().isEmpty();
    checked(service, byName ? service.getFullName() : serviceRule.getTopic(), "");
  }

  private static String validOr(EventRule rule, String otherwise) {
    return EventTopic.isName(rule.getTopic()) ? rule.getTopic() : otherwise;
  }

  private String checked(GenericDescriptor element, String topic, String otherwise) {
    if (EventTopic.isName(topic)) {
      return topic;
    }
    problems.add(element, "topic: \"" + topic + "\" (expected: " + EventTopic.expected() + ")");
    return otherwise;
  }

  private Optional<FieldPath> orderingKey(MethodDescriptor method, EventRule methodRule) {
    String text =
        methodRule.hasOrderingKey() ? methodRule.getOrderingKey() : serviceRule.getOrderingKey();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(FieldPath.of(method.getInputType(), text).requireSingleText());
    } catch (IllegalArgumentException e) {
      problems.add(method, "ordering_key: " + e.getMessage());
      return Optional.empty();
    }
  }
}
