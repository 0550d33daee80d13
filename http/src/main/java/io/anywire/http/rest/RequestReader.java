package io.anywire.http.rest;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.anywire.call.Failures;
import io.anywire.call.MessageForm;
import io.anywire.contract.FieldPath;
import io.anywire.contract.RequestBody;
import io.grpc.StatusRuntimeException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a method's request of path, query and body, by the rules of {@code google.api.http}. Every
 * rejection is {@code INVALID_ARGUMENT} and names the field. Confined to one call.
 */
final class RequestReader {
  private final ServedRoute<?, ?> route;
  private final ArrivedRequest arrived;
  private final RestOptions options;
  private final Message.Builder request;
  private @Nullable Set<FieldPath> given;

  private RequestReader(ServedRoute<?, ?> route, ArrivedRequest arrived, RestOptions options) {
    this.route = route;
    this.arrived = arrived;
    this.options = options;
    this.request = route.request().prototype().newBuilderForType();
  }

  /**
   * Reads a request.
   *
   * @throws StatusRuntimeException {@code INVALID_ARGUMENT} when it does not fit the method's type,
   *     {@code RESOURCE_EXHAUSTED} when it is too large once decompressed
   */
  static <ReqT> ReqT read(ServedRoute<ReqT, ?> route, ArrivedRequest arrived, RestOptions options) {
    RequestReader reader = new RequestReader(route, arrived, options);
    byte[] body =
        arrived.gzip() && arrived.body().length > 0
            ? Gzip.inflate(arrived.body(), options.messageBytes())
            : arrived.body();
    reader.body(body);
    if (!arrived.query().isEmpty()) {
      Query.forEach(arrived.query(), reader::parameter);
    }
    for (Map.Entry<FieldPath, String> variable : arrived.variables().entrySet()) {
      write(reader.request, variable.getKey(), variable.getKey().toString(), variable.getValue());
    }
    if (route.fillsMask() && route.body() instanceof RequestBody.Field field && body.length > 0) {
      UpdateMask.fill(
          reader.request, field.field(), arrived.form(), body, route.fields().notInMask());
    }
    reader.etag();
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
      case RequestBody.Whole whole -> arrived.form().merge(body, request);
      case RequestBody.Field(FieldDescriptor field) ->
          arrived
              .form()
              .mergeField(
                  body, request, MessageForm.field(request.getDefaultInstanceForType(), field));
    }
  }

  private void parameter(String name, String value) {
    Optional<FieldPath> found = route.fields().find(name);
    if (found.isEmpty() && options.ignoreUnknownFields()) {
      return;
    }
    FieldPath path = found.orElseThrow(() -> unknown(name));
    switch (route.body()) {
      case RequestBody.Whole whole -> throw bound(name, "the body is the whole request");
      case RequestBody.Field(FieldDescriptor field)
          when field.getNumber() == path.fields().get(0).getNumber() ->
          throw bound(name, "the body carries this field");
      default -> {}
    }
    if (route.fields().isInPath(path)) {
      throw bound(name, "the path binds this field");
    }
    if (!path.last().isRepeated() && !isFirst(path)) {
      throw Failures.invalidField(name, "given twice (expected: once)");
    }
    write(request, path, name, value);
  }

  private boolean isFirst(FieldPath path) {
    Set<FieldPath> before = given;
    if (before == null) {
      before = new HashSet<>();
      given = before;
    }
    return before.add(path);
  }

  /** A request that names no version is meant for the one that {@code If-Match} names. */
  private void etag() {
    Optional<FieldPath> field = route.fields().etag();
    if (arrived.etag().isPresent()
        && field.isPresent()
        && field.get().read(request.buildPartial()).isEmpty()) {
      field.get().write(request, arrived.etag().get());
    }
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
}
