package io.anywire.http.rest;

import static java.util.stream.Collectors.joining;

import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.RequestBody;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Set;
import java.util.TreeSet;

/** Answers requests that do not get as far as a call. Immutable and thread-safe. */
record Refusals(Serving serving) {
  void noRoute(Exchange exchange) {
    refuse(
        exchange,
        404,
        Status.UNIMPLEMENTED,
        "nothing answers to " + exchange.method() + " " + shortened(exchange.path()));
  }

  void wrongVerb(Exchange exchange, Set<String> verbs) {
    Set<String> allowed = new TreeSet<>(verbs);
    if (allowed.contains("GET")) {
      allowed.add("HEAD");
    }
    allowed.add("OPTIONS");
    String list = String.join(", ", allowed);
    Http2Headers headers = new DefaultHttp2Headers(false).add("allow", list);
    exchange.receive(new Ignored(exchange));
    if (exchange.method().equals("OPTIONS")) {
      if (allowed.contains("PATCH")) {
        headers.add("accept-patch", serving.representations().mediaTypes());
      }
      if (allowed.contains("POST")) {
        headers.add("accept-post", serving.representations().mediaTypes());
      }
      Answers.whole(exchange, 204, headers, Unpooled.EMPTY_BUFFER);
    } else {
      String text =
          exchange.method() + " " + shortened(exchange.path()) + " (expected: " + list + ")";
      problem(exchange, 405, status(Status.UNIMPLEMENTED, text), headers);
    }
  }

  /** Which types there are is told as RFC 9110, section 15.5.16, and RFC 5789 have it. */
  void unsupportedType(Exchange exchange) {
    String types = serving.representations().mediaTypes();
    Http2Headers headers = new DefaultHttp2Headers(false).add("accept", types);
    switch (exchange.method()) {
      case "POST" -> headers.add("accept-post", types);
      case "PATCH" -> headers.add("accept-patch", types);
      default -> {}
    }
    unsupported(exchange, headers, "content-type", types);
  }

  void unsupported(Exchange exchange, Http2Headers headers, String header, String wanted) {
    exchange.receive(new Ignored(exchange));
    String got = shortened(header(exchange.headers(), header));
    if (header.equals("content-encoding")) {
      headers.add("accept-encoding", wanted);
    }
    String text = header + ": " + got + " (expected: " + wanted + ")";
    problem(exchange, 415, status(Status.INVALID_ARGUMENT, text), headers);
  }

  void notAcceptable(Exchange exchange, ServedRoute<?, ?> route) {
    String types =
        route.streams()
            ? Serving.STREAMS.stream().map(AnswerStream::mediaType).collect(joining(", "))
            : serving.representations().mediaTypes();
    String got = shortened(header(exchange.headers(), "accept"));
    refuse(
        exchange,
        406,
        Status.INVALID_ARGUMENT,
        "accept: " + got + " (expected: one of " + types + ")");
  }

  void refuse(Exchange exchange, int httpStatus, Status code, String text) {
    exchange.receive(new Ignored(exchange));
    problem(exchange, httpStatus, status(code, text), new DefaultHttp2Headers(false));
  }

  private void problem(
      Exchange exchange, int httpStatus, com.google.rpc.Status status, Http2Headers headers) {
    Answers.problem(exchange, httpStatus, status, headers, serving.representations());
  }

  private static com.google.rpc.Status status(Status code, String text) {
    return Answers.rpcStatus(code.withDescription(text), new Metadata());
  }

  private static String shortened(String text) {
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }

  /** Drops a body that nobody wants. */
  record Ignored(Exchange exchange) implements RequestBody {
    @Override
    public void data(ByteBuf piece) {
      int bytes = piece.readableBytes();
      piece.release();
      exchange.consumed(bytes);
    }

    @Override
    public void end() {}

    @Override
    public void cancelled() {}
  }

  private static String header(Http2Headers headers, String name) {
    CharSequence value = headers.get(name);
    return value == null ? "" : value.toString().strip();
  }
}
