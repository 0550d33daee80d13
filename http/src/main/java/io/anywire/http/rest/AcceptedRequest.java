package io.anywire.http.rest;

import io.anywire.contract.FieldPath;
import io.anywire.http.exchange.Exchange;
import io.grpc.Deadline;
import io.grpc.Metadata;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request whose head is in order: what its call needs besides the body. Immutable.
 *
 * @param serving what all routes share
 * @param variables what the path binds, not yet converted
 * @param sent what the body is written in
 * @param gzip whether the body is compressed
 * @param answer what the answer is written in
 * @param current where the version of the resource is to be asked for first
 */
record AcceptedRequest<ReqT, RespT>(
    Serving serving,
    ServedRoute<ReqT, RespT> route,
    Map<FieldPath, String> variables,
    Exchange exchange,
    Representation sent,
    boolean gzip,
    AnswerForm answer,
    Preconditions preconditions,
    Optional<Current<?, ?>> current,
    Metadata metadata,
    @Nullable Deadline deadline) {

  /** The {@code GET} route of the same resource, and what the path binds there. */
  record Current<ReqT, RespT>(ServedRoute<ReqT, RespT> route, Map<FieldPath, String> variables) {}

  /** The call, not yet started. */
  RestServerCall<ReqT, RespT> call() {
    return switch (answer) {
      case Representations.Chosen chosen ->
          new RestUnaryCall<>(
              route,
              exchange,
              serving.representations(),
              chosen,
              route.caching().isPresent() ? preconditions : Preconditions.NONE);
      case AnswerStream form -> new RestStreamCall<>(route, exchange, serving, form);
    };
  }

  /** The request with its body, and with what goes into an empty {@code etag}. */
  ArrivedRequest arrived(byte[] body, Optional<String> etag) {
    return new ArrivedRequest(variables, exchange.query(), sent, body, gzip, etag);
  }

  /** The request for the version that there is. */
  ArrivedRequest forCurrent(Current<?, ?> at) {
    return new ArrivedRequest(at.variables(), "", sent, new byte[0], false, Optional.empty());
  }

  /** The metadata once more, since a handler's interceptors may change theirs. */
  Metadata copyOfMetadata() {
    Metadata copy = new Metadata();
    copy.merge(metadata);
    return copy;
  }

  /** What {@code If-Match} says of the only version that it names. */
  Optional<String> matchedEtag() {
    return preconditions
        .onlyMatch()
        .map(tag -> serving.representations().withoutSuffix(tag).toString());
  }
}
