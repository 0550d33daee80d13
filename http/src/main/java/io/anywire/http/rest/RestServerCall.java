package io.anywire.http.rest;

import io.anywire.call.InboundCall;
import io.anywire.http.exchange.CallTransport;
import io.anywire.http.exchange.Exchange;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A call that arrived by REST. Headers are held back until it is known what follows, so that an
 * error can have its HTTP status.
 */
abstract class RestServerCall<ReqT, RespT> extends InboundCall<ReqT, RespT> {
  private final ServedRoute<ReqT, RespT> route;
  private final Exchange exchange;
  private final Representations representations;

  /** Guards what is written: a deadline may end the call while the handler writes. */
  private final ReentrantLock writing = new ReentrantLock();

  private Metadata headers = new Metadata();
  private volatile boolean over;

  RestServerCall(
      ServedRoute<ReqT, RespT> route, Exchange exchange, Representations representations) {
    super(route.method(), exchange.eventLoop(), exchange.virtualThreads());
    this.route = route;
    this.exchange = exchange;
    this.representations = representations;
  }

  /** The request is in order, and the handler gets it now. Called in the call's thread. */
  void decoded() {}

  /** The call ended well. Called in {@link #whileOpen}, once. */
  abstract void succeed(Metadata trailers);

  /** The call failed. Called in {@link #whileOpen}, once. */
  abstract void fail(Status status, Metadata trailers);

  final ServedRoute<ReqT, RespT> route() {
    return route;
  }

  final Exchange exchange() {
    return exchange;
  }

  final Representations representations() {
    return representations;
  }

  /** What the handler sent as headers; read in {@link #whileOpen}. */
  final Metadata headers() {
    return headers;
  }

  final void whileOpen(Runnable step) {
    writing.lock();
    try {
      if (!over) {
        step.run();
      }
    } finally {
      writing.unlock();
    }
  }

  /** Ends what is written, whoever still wants to write. */
  final void closeWriting(Runnable last) {
    writing.lock();
    try {
      over = true;
      last.run();
    } finally {
      writing.unlock();
    }
  }

  final void answerProblem(Status status, Metadata trailers) {
    com.google.rpc.Status problem = Answers.rpcStatus(status, trailers);
    Http2Headers all = Answers.headers(Problem.MEDIA_TYPE, headers, trailers);
    Answers.problem(exchange, HttpStatuses.of(status, problem), problem, all, representations);
  }

  @Override
  protected final void writeHeaders(Metadata sent) {
    whileOpen(() -> headers = sent);
  }

  @Override
  protected final void writeClose(Status status, Metadata trailers) {
    whileOpen(() -> {
      over = true;
      if (status.isOk()) {
        succeed(trailers);
      } else {
        fail(status, trailers);
      }
    });
  }

  @Override
  protected final void read(int messages) {
    throw new IllegalStateException("REST carries one request message");
  }

  @Override
  public final boolean isReady() {
    return !over && exchange.isWritable();
  }

  @Override
  public final @Nullable String getAuthority() {
    return exchange.authority();
  }

  @Override
  public final SecurityLevel getSecurityLevel() {
    return CallTransport.securityLevel(exchange);
  }

  @Override
  public final Attributes getAttributes() {
    return CallTransport.attributes(exchange);
  }
}
