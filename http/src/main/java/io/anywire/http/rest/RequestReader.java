package io.anywire.http.rest;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.anywire.call.Failures;
import io.anywire.call.MessageForm;
import io.anywire.contract.FieldPath;
import io.anywire.contract.RequestBody;
import io.anywire.json.JsonCodec;
import io.anywire.json.JsonException;
import io.grpc.StatusRuntimeException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes a method's request of path, query and body, by the rules of {@code google.api.http}. Every
 * rejection is {@code INVALID_ARGUMENT} and names the field. Confined to one call.
 */
final class RequestReader {
  private static final int DEEPEST_PARAMETER = 32;

  private final JsonCodec codec;
  private final ServedRoute<?, ?> route;
  private final Message.Builder request;
  private final Set<FieldPath> given = new HashSet<>();

  private RequestReader(JsonCodec codec, ServedRoute<?, ?> route) {
    this.codec = codec;
    this.route = route;
    this.request = route.request().prototype().newBuilderForType();
  }

  /**
   * Reads a request.
   *
   * @param query the raw query
   * @param body the body, empty where there is none
   * @throws StatusRuntimeException {@code INVALID_ARGUMENT} when they do not fit the request's type
   */
  static <ReqT> ReqT read(JsonCodec codec, ServedRoute<ReqT, ?> route, String query, byte[] body) {
    RequestReader reader = new RequestReader(codec, route);
    reader.body(body);
    Query.forEach(query, reader::parameter);
    route.variables().forEach((path, value) -> write(reader.request, path, path.toString(), value));
    if (route.fillsMask() && route.body() instanceof RequestBody.Field field && body.length > 0) {
      UpdateMask.fill(reader.request, field.field(), body, route.variables().keySet());
    }
    if (!reader.request.isInitialized()) {
      throw Failures.invalidField("", "missing " + reader.request.getInitializationErrorString());
    }
    return route.request().typed(reader.request.build());
  }

  private void body(byte[] body) {
    if (body.length == 0) {
      return;
    }
    switch (route.body()) {
      case RequestBody.None none ->
          throw Failures.invalidField(
              "", "a body of " + body.length + " bytes (expected: none on this route)");
      case RequestBody.Whole whole -> {
        try {
          codec.merge(body, request);
        } catch (JsonException e) {
          throw rejected("", e);
        }
      }
      case RequestBody.Field(FieldDescriptor field) -> {
        try {
          codec.mergeField(
              body, request, MessageForm.field(request.getDefaultInstanceForType(), field));
        } catch (JsonException e) {
          throw rejected(field.getName(), e);
        }
      }
    }
  }

  private void parameter(String name, String value) {
    FieldPath path =
        FieldPath.find(request.getDescriptorForType(), name)
            .filter(found -> found.fields().size() <= DEEPEST_PARAMETER)
            .orElseThrow(() -> unknown(name));
    switch (route.body()) {
      case RequestBody.Whole whole -> throw bound(name, "the body is the whole request");
      case RequestBody.Field(FieldDescriptor field)
          when field.getNumber() == path.fields().get(0).getNumber() ->
          throw bound(name, "the body carries this field");
      default -> {}
    }
    if (isVariable(path)) {
      throw bound(name, "the path binds this field");
    }
    if (!given.add(path) && !path.last().isRepeated()) {
      throw Failures.invalidField(name, "given twice (expected: once)");
    }
    write(request, path, name, value);
  }

  private boolean isVariable(FieldPath path) {
    List<Integer> numbers = numbers(path);
    return route.variables().keySet().stream().anyMatch(v -> numbers(v).equals(numbers));
  }

  private static List<Integer> numbers(FieldPath path) {
    return path.fields().stream().map(FieldDescriptor::getNumber).toList();
  }

  private static void write(Message.Builder request, FieldPath path, String name, String value) {
    try {
      path.write(request, value);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      String prefix = path + ": ";
      throw Failures.invalidField(
          name, message.startsWith(prefix) ? message.substring(prefix.length()) : message);
    }
  }

  private StatusRuntimeException unknown(String name) {
    String type = request.getDescriptorForType().getFullName();
    String shown = name.length() > 80 ? name.substring(0, 80) + "…" : name;
    return Failures.invalidField(
        shown, "unknown query parameter (expected: a field of " + type + ")");
  }

  private static StatusRuntimeException bound(String name, String why) {
    return Failures.invalidField(name, "a query parameter (expected: none, " + why + ")");
  }

  private static StatusRuntimeException rejected(String field, JsonException e) {
    String inside = e.path().isEmpty() || e.path().startsWith("[") ? e.path() : "." + e.path();
    String path = field.isEmpty() ? e.path() : field + inside;
    String place = e.line() == 0 ? "" : " at line " + e.line() + ", column " + e.column();
    return Failures.invalidField(path, e.description() + place);
  }
}
