package io.anywire.http.rest;

import com.google.protobuf.Message;
import io.anywire.http.exchange.Exchange;
import io.anywire.http.rest.Caching.Written;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call to the {@code GET} route of a resource that is about to be written, to learn its version.
 * It goes through the same interceptors with the same metadata, so nobody learns of a version who
 * could not read the resource. What it finds may have changed when the write begins: only a handler
 * that compares the {@code etag} of its request can exclude that.
 */
final class CurrentResource<ReqT, RespT> extends RestServerCall<ReqT, RespT> {
  private final Consumer<Version> found;
  private @Nullable Message message;

  /**
   * What there is.
   *
   * @param tags all the tags that answers with it may have; none: there is no resource
   * @param etag what its field of that name holds
   */
  record Version(List<EntityTag> tags, Optional<String> etag) {
    static final Version ABSENT = new Version(List.of(), Optional.empty());
  }

  /**
   * @param found told on any thread, unless the call fails otherwise than by {@code NOT_FOUND};
   *     then that is the request's answer
   */
  CurrentResource(
      ServedRoute<ReqT, RespT> route,
      Exchange exchange,
      Representations representations,
      Consumer<Version> found) {
    super(route, exchange, representations);
    this.found = found;
  }

  @Override
  protected void writeMessage(RespT response) {
    Message read = route().response().message(response);
    whileOpen(() -> message = read);
  }

  @Override
  void succeed(Metadata trailers) {
    Message current = message;
    if (current == null) {
      throw new IllegalStateException("a response without a message: " + method().name());
    }
    Caching caching = route().caching().orElseThrow();
    List<Written> bodies =
        representations().forms().stream()
            .map(form -> new Written(form, RestUnaryCall.written(current, route(), form)))
            .toList();
    String header = headers().get(Metadata.Key.of("etag", Metadata.ASCII_STRING_MARSHALLER));
    found.accept(new Version(caching.tags(header, current, bodies), caching.field(current)));
  }

  @Override
  void fail(Status status, Metadata trailers) {
    if (status.getCode() == Status.Code.NOT_FOUND) {
      found.accept(Version.ABSENT);
    } else {
      answerProblem(status, trailers);
    }
  }
}
