package io.anywire.http.rest;

import com.google.protobuf.Message;
import io.anywire.call.InboundCall;
import io.anywire.http.exchange.CallTransport;
import io.anywire.http.exchange.Exchange;
import io.anywire.json.JsonCodec;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call that arrived by REST. Headers, and the message of a unary call, are held back until the
 * outcome is known, so that an error can have its HTTP status; a stream's status is 200 from its
 * first message on, and an error after that is its last line (see {@link JsonLines}).
 */
final class RestServerCall<ReqT, RespT> extends InboundCall<ReqT, RespT> {
  private static final Logger log = LoggerFactory.getLogger(RestServerCall.class);

  private final ServedRoute<ReqT, RespT> route;
  private final Exchange exchange;
  private final JsonCodec codec;

  /** Guards what follows: a deadline may end the call while the handler writes. */
  private final ReentrantLock writing = new ReentrantLock();

  private Metadata headers = new Metadata();
  private @Nullable ByteBuf held;
  private @Nullable String location;
  private boolean responded;
  private volatile boolean over;

  RestServerCall(ServedRoute<ReqT, RespT> route, Exchange exchange, JsonCodec codec) {
    super(route.method(), exchange.eventLoop());
    this.route = route;
    this.exchange = exchange;
    this.codec = codec;
  }

  @Override
  protected void writeHeaders(Metadata sent) {
    whileOpen(() -> headers = sent);
  }

  @Override
  protected void writeMessage(RespT response) {
    Message message = route.response().message(response);
    ByteBuf json = json(message);
    whileOpen(() -> {
      if (route.streams()) {
        respondOnce();
        exchange.send(json);
      } else {
        held = json;
        location = location(message);
      }
    });
  }

  @Override
  protected void writeClose(Status status, Metadata trailers) {
    whileOpen(() -> {
      over = true;
      if (!status.isOk()) {
        fail(status, trailers);
      } else if (route.streams()) {
        respondOnce();
        exchange.send(JsonLines.end(trailers));
        exchange.end(EmptyHttp2Headers.INSTANCE);
      } else {
        succeed(trailers);
      }
    });
  }

  @Override
  protected void read(int messages) {
    throw new IllegalStateException("REST carries one request message");
  }

  @Override
  public boolean isReady() {
    return !over && exchange.isWritable();
  }

  @Override
  public @Nullable String getAuthority() {
    return exchange.authority();
  }

  @Override
  public SecurityLevel getSecurityLevel() {
    return CallTransport.securityLevel(exchange);
  }

  @Override
  public Attributes getAttributes() {
    return CallTransport.attributes(exchange);
  }

  private ByteBuf json(Message message) {
    ByteBuf json = Unpooled.buffer(256);
    ByteBufOutputStream out = new ByteBufOutputStream(json);
    if (route.streams()) {
      json.writeBytes(JsonLines.RESULT_START);
    }
    route
        .responseBody()
        .ifPresentOrElse(
            field -> codec.writeField(message, field, out), () -> codec.write(message, out));
    if (route.streams()) {
      json.writeBytes(JsonLines.RESULT_END);
    }
    return json;
  }

  private @Nullable String location(Message message) {
    if (route.created().isEmpty()) {
      return null;
    }
    try {
      return route.created().get().expand(message);
    } catch (IllegalArgumentException e) {
      log.atWarn()
          .addKeyValue("method", method().name())
          .setCause(e)
          .log("A response has no Location, as its fields do not fit (anywire.created)");
      return null;
    }
  }

  private void respondOnce() {
    if (!responded) {
      responded = true;
      exchange.respond(200, Answers.headers(MediaTypes.JSON_LINES, headers, new Metadata()));
    }
  }

  private void succeed(Metadata trailers) {
    Http2Headers all = Answers.headers(MediaTypes.JSON, headers, trailers);
    if (location != null) {
      all.set("location", location);
    }
    ByteBuf body = held == null ? Unpooled.EMPTY_BUFFER : held;
    Answers.whole(exchange, route.created().isPresent() ? 201 : 200, all, body);
  }

  private void fail(Status status, Metadata trailers) {
    com.google.rpc.Status problem = Answers.rpcStatus(status, trailers);
    int httpStatus = HttpStatuses.of(status.getCode());
    if (held != null) {
      held.release();
    }
    if (responded) {
      exchange.send(JsonLines.error(httpStatus, problem, trailers, codec));
      exchange.end(EmptyHttp2Headers.INSTANCE);
    } else {
      Http2Headers all = Answers.headers(Problem.MEDIA_TYPE, headers, trailers);
      Answers.problem(exchange, httpStatus, problem, all, codec);
    }
  }

  private void whileOpen(Runnable step) {
    writing.lock();
    try {
      if (!over) {
        step.run();
      }
    } finally {
      writing.unlock();
    }
  }
}
