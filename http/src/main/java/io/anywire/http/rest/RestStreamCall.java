package io.anywire.http.rest;

import com.google.protobuf.Message;
import io.anywire.call.Threads;
import io.anywire.http.exchange.Exchange;
import io.anywire.json.JsonCodec;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call with a stream of responses. Its status is 200 from its first message on, or from its first
 * sign of life, and an error after that is the stream's last word.
 */
final class RestStreamCall<ReqT, RespT> extends RestServerCall<ReqT, RespT> {
  /** Early, so that a browser soon learns that it is connected. */
  private static final long FIRST_HEARTBEAT_MILLIS = 1000;

  private final AnswerStream form;
  private final JsonCodec codec;
  private final Duration heartbeatInterval;

  // Guarded by whileOpen.
  private boolean responded;
  private @Nullable GzipStream gzip;

  /** Touched in the call's thread only. */
  private @Nullable Future<?> heartbeat;

  RestStreamCall(
      ServedRoute<ReqT, RespT> route, Exchange exchange, Serving serving, AnswerStream form) {
    super(route, exchange, serving.representations());
    this.form = form;
    this.codec = serving.codec();
    this.heartbeatInterval = serving.options().heartbeat();
  }

  /** From now on the stream says every so often that it is alive, until it is not. */
  @Override
  void decoded() {
    if (form == EventStream.FORM) {
      long millis = heartbeatInterval.toMillis();
      heartbeat =
          Threads.timerThread()
              .scheduleAtFixedRate(
                  () -> Threads.VIRTUAL.execute(() -> whileOpen(this::beat)),
                  Math.min(FIRST_HEARTBEAT_MILLIS, millis),
                  millis,
                  TimeUnit.MILLISECONDS);
    }
  }

  @Override
  protected void writeMessage(RespT response) {
    ByteBuf event = written(route().response().message(response));
    whileOpen(() -> send(event));
  }

  @Override
  protected void released() {
    Future<?> beating = heartbeat;
    if (beating != null) {
      beating.cancel(false);
    }
    closeWriting(() -> {
      if (gzip != null) {
        gzip.close();
      }
    });
  }

  @Override
  void succeed(Metadata trailers) {
    finish(form.end(trailers));
  }

  @Override
  void fail(Status status, Metadata trailers) {
    if (!responded) {
      answerProblem(status, trailers);
      return;
    }
    com.google.rpc.Status problem = Answers.rpcStatus(status, trailers);
    int httpStatus = HttpStatuses.of(status, problem);
    finish(form.error(httpStatus, problem, trailers, codec));
  }

  private ByteBuf written(Message message) {
    ByteBuf event = Unpooled.buffer(256);
    event.writeBytes(form.beforeMessage());
    ByteBufOutputStream out = new ByteBufOutputStream(event);
    if (route().responseBody().isPresent()) {
      codec.writeField(message, route().responseBody().get(), out);
    } else {
      codec.write(message, out);
    }
    return event.writeBytes(form.afterMessage());
  }

  /** To a client that does not read, silence would be the same. */
  private void beat() {
    if (exchange().isWritable()) {
      send(Unpooled.wrappedBuffer(EventStream.HEARTBEAT.toByteArray()));
    }
  }

  private void send(ByteBuf event) {
    respondOnce();
    exchange().send(gzip == null ? event : gzip.compress(event));
  }

  private void finish(ByteBuf last) {
    send(last);
    if (gzip != null) {
      exchange().send(gzip.finish());
    }
    exchange().end(EmptyHttp2Headers.INSTANCE);
  }

  private void respondOnce() {
    if (responded) {
      return;
    }
    responded = true;
    Http2Headers head = Answers.headers(form.mediaType(), headers(), new Metadata());
    if (!head.contains(HttpHeaderNames.CACHE_CONTROL)) {
      head.add(HttpHeaderNames.CACHE_CONTROL, Caching.NO_STORE);
    }
    head.add(HttpHeaderNames.VARY, Caching.VARY);
    if (Gzip.isWanted(exchange().headers())) {
      head.set(HttpHeaderNames.CONTENT_ENCODING, Gzip.NAME);
      gzip = new GzipStream();
    }
    exchange().respond(200, head);
    if (exchange().method().equals("HEAD")) {
      exchange().end(EmptyHttp2Headers.INSTANCE);
      cancel(Status.CANCELLED.withDescription("only the head was asked for"));
    }
  }
}
