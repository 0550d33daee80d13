package io.anywire.contract;

import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and checks the {@code google.api.http} rule of one method. */
record HttpRuleReader(MethodDescriptor method, Problems problems) {

  /** The routes that make sense, the rule's own first; what does not is reported. */
  List<HttpRoute> read(HttpRule rule) {
    List<HttpRoute> routes = new ArrayList<>();
    route(rule).ifPresent(routes::add);
    for (HttpRule binding : rule.getAdditionalBindingsList()) {
      if (binding.getAdditionalBindingsCount() > 0) {
        problem("additional_bindings: nested (expected: one level of them)");
      }
      route(binding).ifPresent(routes::add);
    }
    return routes;
  }

  private Optional<HttpRoute> route(HttpRule rule) {
    String verb = verb(rule);
    if (!isToken(verb)) {
      problem("verb: \"" + verb + "\" (expected: get, put, post, delete, patch or custom.kind)");
      return Optional.empty();
    }
    Optional<PathTemplate> path = path(verb, rule);
    Optional<RequestBody> body = body(verb, rule);
    Optional<FieldDescriptor> responseBody = responseBody(rule);
    if (path.isEmpty() || body.isEmpty()) {
      return Optional.empty();
    }
    checkTogether(verb, path.get(), body.get());
    return Optional.of(new HttpRoute(verb, path.get(), body.get(), responseBody));
  }

  private Optional<PathTemplate> path(String verb, HttpRule rule) {
    try {
      return Optional.of(PathTemplate.of(method.getInputType(), pathText(rule)));
    } catch (IllegalArgumentException e) {
      problem(verb + " path: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<RequestBody> body(String verb, HttpRule rule) {
    return switch (rule.getBody()) {
      case "" -> Optional.of(new RequestBody.None());
      case "*" -> Optional.of(new RequestBody.Whole());
      default ->
          topLevel(verb + " body", rule.getBody(), method.getInputType())
              .map(RequestBody.Field::new);
    };
  }

  private Optional<FieldDescriptor> responseBody(HttpRule rule) {
    return rule.getResponseBody().isEmpty()
        ? Optional.empty()
        : topLevel("response_body", rule.getResponseBody(), method.getOutputType());
  }

  private Optional<FieldDescriptor> topLevel(String option, String name, Descriptor type) {
    FieldDescriptor field = type.findFieldByName(name);
    if (field == null) {
      problem(
          "%s: no top-level field \"%s\" in %s (expected: %s)"
              .formatted(option, name, type.getFullName(), FieldPath.names(type)));
    }
    return Optional.ofNullable(field);
  }

  private void checkTogether(String verb, PathTemplate path, RequestBody body) {
    String route = verb + " " + path;
    if (!(body instanceof RequestBody.None) && (verb.equals("GET") || verb.equals("HEAD"))) {
      problem(route + ": body with " + verb + " (expected: none, the fields come from the query)");
    }
    if (body instanceof RequestBody.None && method.isClientStreaming()) {
      problem(route + ": a stream of requests without body (expected: body \"*\")");
    }
    if (body instanceof RequestBody.Field bound
        && path.variables().stream().anyMatch(variable -> isSame(variable, bound.field()))) {
      problem(
          "%s: body: \"%s\" is a variable of the path, too (expected: one of them)"
              .formatted(route, bound.field().getName()));
    }
  }

  /** A path may bind a field inside the body's message: the path's value wins there. */
  private static boolean isSame(FieldPath variable, FieldDescriptor body) {
    return variable.fields().size() == 1 && variable.last().equals(body);
  }

  private static String verb(HttpRule rule) {
    return switch (rule.getPatternCase()) {
      case GET, PUT, POST, DELETE, PATCH -> rule.getPatternCase().name();
      case CUSTOM -> rule.getCustom().getKind();
      case PATTERN_NOT_SET -> "";
    };
  }

  private static String pathText(HttpRule rule) {
    return switch (rule.getPatternCase()) {
      case GET -> rule.getGet();
      case PUT -> rule.getPut();
      case POST -> rule.getPost();
      case DELETE -> rule.getDelete();
      case PATCH -> rule.getPatch();
      case CUSTOM -> rule.getCustom().getPath();
      case PATTERN_NOT_SET -> "";
    };
  }

  /** A method's name by RFC 9110, section 5.6.2. */
  private static boolean isToken(String verb) {
    return !verb.isEmpty()
        && verb.chars()
            .allMatch(c ->
                (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
  }

  private void problem(String reason) {
    problems.add(method, "(google.api.http) " + reason);
  }
}
