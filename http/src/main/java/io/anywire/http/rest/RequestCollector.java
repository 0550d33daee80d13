package io.anywire.http.rest;

import io.anywire.call.Failures;
import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.RequestBody;
import io.anywire.http.rest.CurrentResource.Version;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes in a request's body, as much of it as a message may have, then starts the call; where the
 * request is meant for one version of its resource, after a look at what version there is.
 */
final class RequestCollector<ReqT, RespT> implements RequestBody {
  private final AcceptedRequest<ReqT, RespT> accepted;
  private final Exchange exchange;

  private byte[] body = {};
  private int length;
  private boolean refused;
  private @Nullable RestServerCall<?, ?> running;

  RequestCollector(AcceptedRequest<ReqT, RespT> accepted) {
    this.accepted = accepted;
    this.exchange = accepted.exchange();
  }

  @Override
  public void data(ByteBuf piece) {
    int bytes = piece.readableBytes();
    int limit = accepted.serving().options().messageBytes();
    try {
      if (!refused && length + bytes > limit) {
        refused = true;
        body = new byte[0];
        tooLarge(accepted);
      } else if (!refused) {
        append(piece, bytes, limit);
      }
    } finally {
      piece.release();
      exchange.consumed(bytes);
    }
  }

  @Override
  public void end() {
    if (refused) {
      return;
    }
    byte[] whole = length == body.length ? body : Arrays.copyOf(body, length);
    body = new byte[0];
    if (accepted.current().isPresent()) {
      look(accepted.current().get(), whole);
    } else {
      call(whole, accepted.matchedEtag());
    }
  }

  @Override
  public void cancelled() {
    refused = true;
    if (running != null) {
      running.cancel(Status.CANCELLED.withDescription("the client is gone"));
    }
  }

  @Override
  public void writable() {
    if (running != null) {
      running.writable();
    }
  }

  /** Answers that a request is too large; the same as what gRPC says of such a message. */
  static void tooLarge(AcceptedRequest<?, ?> request) {
    Status status = BodyTooLargeException.status(request.serving().options().messageBytes());
    Answers.problem(
        request.exchange(),
        413,
        Failures.rpcStatusOf(status, null),
        new DefaultHttp2Headers(false),
        request.serving().representations());
  }

  private void call(byte[] whole, Optional<String> etag) {
    RestServerCall<ReqT, RespT> call = accepted.call();
    ArrivedRequest arrived = accepted.arrived(whole, etag);
    running = call;
    call.start(accepted.metadata(), accepted.deadline());
    call.message(() -> {
      ReqT request = RequestReader.read(accepted.route(), arrived, accepted.serving().options());
      call.decoded();
      return request;
    });
    call.halfClose();
  }

  private <Q, R> void look(AcceptedRequest.Current<Q, R> at, byte[] whole) {
    CurrentResource<Q, R> call =
        new CurrentResource<>(
            at.route(),
            exchange,
            accepted.serving().representations(),
            version -> exchange.eventLoop().execute(() -> decide(version, whole)));
    running = call;
    call.start(accepted.copyOfMetadata(), accepted.deadline());
    call.message(() ->
        RequestReader.read(at.route(), accepted.forCurrent(at), accepted.serving().options()));
    call.halfClose();
  }

  private void decide(Version version, byte[] whole) {
    if (refused) {
      return;
    }
    switch (accepted.preconditions().outcome(version.tags(), false)) {
      case PROCEED ->
          call(whole, accepted.preconditions().nameVersions() ? version.etag() : Optional.empty());
      default -> PreconditionFailed.answer(exchange, accepted.serving().representations());
    }
  }

  private void append(ByteBuf piece, int bytes, int limit) {
    if (length + bytes > body.length) {
      body = Arrays.copyOf(body, Math.max(length + bytes, Math.min(2 * length, limit)));
    }
    piece.readBytes(body, length, bytes);
    length += bytes;
  }
}
