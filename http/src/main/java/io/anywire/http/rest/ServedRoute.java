package io.anywire.http.rest;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.anywire.call.MessageForm;
import io.anywire.contract.FieldPath;
import io.anywire.contract.MethodContract;
import io.anywire.contract.PathTemplate;
import io.anywire.contract.RequestBody;
import io.anywire.contract.RouteMatch;
import io.anywire.wire.ServedMethod;
import java.util.Map;
import java.util.Optional;

/**
 * A method, and what a request line said about calling it. Immutable.
 *
 * @param variables what the path binds, not yet converted
 * @param body what the request's body carries
 * @param responseBody the response's field that is the response's body; empty: all of it
 * @param created the template of {@code Location} over the response; then success is 201
 * @param fillsMask whether an update mask that is not given is made of the fields present (AIP-134)
 */
record ServedRoute<ReqT, RespT>(
    ServedMethod<ReqT, RespT> method,
    MessageForm<ReqT> request,
    MessageForm<RespT> response,
    Map<FieldPath, String> variables,
    RequestBody body,
    Optional<FieldDescriptor> responseBody,
    Optional<PathTemplate> created,
    boolean fillsMask) {

  /** A method, before anything is known of the request line. */
  static <ReqT, RespT> ServedRoute<ReqT, RespT> of(
      ServedMethod<ReqT, RespT> method, MethodContract contract) {
    return new ServedRoute<>(
        method,
        MessageForm.of(method.descriptor().getRequestMarshaller(), contract.inputType()),
        MessageForm.of(method.descriptor().getResponseMarshaller(), contract.outputType()),
        Map.of(),
        new RequestBody.Whole(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** The same method by a route of its contract. */
  ServedRoute<ReqT, RespT> by(RouteMatch.Found found) {
    return new ServedRoute<>(
        method,
        request,
        response,
        found.variables(),
        found.route().body(),
        found.route().responseBody().map(f -> MessageForm.field(response.prototype(), f)),
        found.method().created(),
        found.route().verb().equals("PATCH"));
  }

  /** Whether the request may have a body. */
  boolean takesBody() {
    return !(body instanceof RequestBody.None);
  }

  /** Whether the answer is a stream. */
  boolean streams() {
    return !method.descriptor().getType().serverSendsOneMessage();
  }
}
