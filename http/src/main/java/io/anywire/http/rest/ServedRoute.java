package io.anywire.http.rest;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.anywire.call.MessageForm;
import io.anywire.contract.HttpRoute;
import io.anywire.contract.MethodContract;
import io.anywire.contract.PathTemplate;
import io.anywire.contract.RequestBody;
import io.anywire.wire.ServedMethod;
import java.util.List;
import java.util.Optional;

/**
 * A method, and all that one of its routes says about calling it, worked out once. Immutable.
 *
 * @param body what the request's body carries
 * @param responseBody the response's field that is the response's body; empty: all of it
 * @param created the template of {@code Location} over the response; then success is 201
 * @param fields where the request's fields come from
 * @param caching what caches are told, on {@code GET}
 * @param readable whether there is a {@code GET} route of the same path
 * @param fillsMask whether an update mask that is not given is made of the fields present (AIP-134)
 */
record ServedRoute<ReqT, RespT>(
    ServedMethod<ReqT, RespT> method,
    MessageForm<ReqT> request,
    MessageForm<RespT> response,
    RequestBody body,
    Optional<FieldDescriptor> responseBody,
    Optional<PathTemplate> created,
    RequestFields fields,
    Optional<Caching> caching,
    boolean readable,
    boolean fillsMask) {

  /**
   * A route of a method.
   *
   * @param gets the {@code GET} routes of all unary methods
   */
  static <ReqT, RespT> ServedRoute<ReqT, RespT> of(
      ServedMethod<ReqT, RespT> method,
      MethodContract contract,
      HttpRoute route,
      List<HttpRoute> gets) {
    MessageForm<ReqT> request =
        MessageForm.of(method.descriptor().getRequestMarshaller(), contract.inputType());
    MessageForm<RespT> response =
        MessageForm.of(method.descriptor().getResponseMarshaller(), contract.outputType());
    boolean cached = route.verb().equals("GET") && !contract.serverStreams();
    return new ServedRoute<>(
        method,
        request,
        response,
        route.body(),
        route.responseBody().map(f -> MessageForm.field(response.prototype(), f)),
        contract.created(),
        RequestFields.of(
            request.prototype().getDescriptorForType(), route.path().variables(), route.body()),
        cached ? Optional.of(Caching.of(contract.cache(), response.prototype())) : Optional.empty(),
        gets.stream().anyMatch(other -> other.path().isLike(route.path())),
        route.verb().equals("PATCH"));
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
