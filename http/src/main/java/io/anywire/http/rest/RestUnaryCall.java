package io.anywire.http.rest;

import com.google.protobuf.Message;
import io.anywire.http.exchange.Exchange;
import io.anywire.http.rest.Representations.Chosen;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A call with one response, which waits for the call's end to be sent with the right status. */
final class RestUnaryCall<ReqT, RespT> extends RestServerCall<ReqT, RespT> {
  private static final Logger log = LoggerFactory.getLogger(RestUnaryCall.class);

  private final Chosen chosen;
  private final Preconditions preconditions;
  private @Nullable Message message;
  private @Nullable ByteBuf held;

  /**
   * @param preconditions what is still to be looked at when the response is there
   */
  RestUnaryCall(
      ServedRoute<ReqT, RespT> route,
      Exchange exchange,
      Representations representations,
      Chosen chosen,
      Preconditions preconditions) {
    super(route, exchange, representations);
    this.chosen = chosen;
    this.preconditions = preconditions;
  }

  @Override
  protected void writeMessage(RespT response) {
    Message written = route().response().message(response);
    ByteBuf body = written(written, route(), chosen.form());
    whileOpen(() -> {
      message = written;
      held = body;
    });
  }

  /** The body of a response. */
  static ByteBuf written(Message message, ServedRoute<?, ?> route, Representation form) {
    WrittenBody out = new WrittenBody();
    if (route.responseBody().isPresent()) {
      form.writeField(message, route.responseBody().get(), out);
    } else {
      form.write(message, out);
    }
    return out.buffer();
  }

  @Override
  void succeed(Metadata trailers) {
    Message response = message;
    ByteBuf body = held;
    if (response == null || body == null) {
      throw new IllegalStateException("a response without a message: " + method().name());
    }
    held = null;
    Http2Headers head = Answers.headers(chosen.contentType(), headers(), trailers);
    boolean gzip = body.readableBytes() >= Gzip.LEAST && Gzip.isWanted(exchange().headers());
    if (route().caching().isPresent()) {
      EntityTag tag = route().caching().get().describe(head, response, body, chosen.form(), gzip);
      if (!isWanted(tag, head)) {
        body.release();
        return;
      }
    }
    if (gzip) {
      head.set(HttpHeaderNames.CONTENT_ENCODING, Gzip.NAME);
      body = Gzip.compress(body);
    }
    int status = 200;
    if (route().created().isPresent()) {
      status = 201;
      location(response, head);
    }
    Answers.whole(exchange(), status, head, body);
  }

  @Override
  void fail(Status status, Metadata trailers) {
    ByteBuf body = held;
    held = null;
    if (body != null) {
      body.release();
    }
    answerProblem(status, trailers);
  }

  /** Whether the client wants the body; if not, it has been answered. */
  private boolean isWanted(EntityTag tag, Http2Headers head) {
    if (preconditions.isEmpty()) {
      return true;
    }
    return switch (preconditions.outcome(List.of(tag), true)) {
      case PROCEED -> true;
      case NOT_MODIFIED -> {
        head.remove(HttpHeaderNames.CONTENT_TYPE);
        Answers.whole(exchange(), 304, head, Unpooled.EMPTY_BUFFER);
        yield false;
      }
      case FAILED -> {
        PreconditionFailed.answer(exchange(), representations());
        yield false;
      }
    };
  }

  private void location(Message response, Http2Headers head) {
    try {
      head.set(HttpHeaderNames.LOCATION, route().created().orElseThrow().expand(response));
    } catch (IllegalArgumentException e) {
      log.atWarn()
          .addKeyValue("method", method().name())
          .setCause(e)
          .log("A response has no Location, as its fields do not fit (anywire.created)");
    }
  }
}
