package io.anywire.http.rest;

import static java.util.stream.Collectors.joining;

import com.google.protobuf.TypeRegistry;
import io.anywire.call.Bytes;
import io.anywire.contract.MethodContract;
import io.anywire.contract.RouteMatch;
import io.anywire.contract.RouteTable;
import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.ExchangeHandler;
import io.anywire.http.exchange.RequestBody;
import io.anywire.json.JsonCodec;
import io.anywire.wire.ServedMethod;
import io.anywire.wire.Services;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers HTTP requests by calling handlers, by the routes of their contracts. Unary methods and
 * streams of responses; a method that takes a stream is {@code 501}.
 *
 * <ul>
 *   <li><b>Requests</b> are JSON in UTF-8, at most 4 MiB; another {@code content-type} is {@code
 *       415}, what does not fit the contract {@code 400} with a {@code google.rpc.BadRequest}.
 *   <li><b>Responses</b> are JSON, streams of them {@code application/x-ndjson}, one {@code
 *       {"result": …}} a line and {@code {"end": {}}} or {@code {"error": …}} as the last.
 *   <li><b>Errors</b> are {@code application/problem+json} (RFC 9457) with the members {@code
 *       code}, {@code reason} and {@code details}. No such path is {@code 404} with the code {@code
 *       UNIMPLEMENTED}, so that nobody takes it for a missing resource.
 *   <li><b>Metadata</b> are headers, base64 where the key ends in {@code -bin}; trailers are
 *       headers {@code trailer-NAME}. The deadline is the header {@code grpc-timeout}, as in gRPC:
 *       {@code 500m} for half a second.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class RestServer implements ExchangeHandler {
  private final RouteTable routes;
  private final Map<String, ServedRoute<?, ?>> methods = new HashMap<>();
  private final JsonCodec codec;

  /** Serves those methods of {@code services} that are described by protobuf. */
  public RestServer(Services services) {
    routes = services.contract().routes();
    TypeRegistry.Builder types = TypeRegistry.newBuilder();
    services.contract().services().stream()
        .flatMap(service -> service.methods().stream())
        .forEach(contract -> {
          types.add(contract.inputType()).add(contract.outputType());
          services.method(contract.fullName()).ifPresent(method -> add(method, contract));
        });
    codec = JsonCodec.builder().types(types.build()).build();
  }

  private void add(ServedMethod<?, ?> method, MethodContract contract) {
    methods.put(contract.fullName(), ServedRoute.of(method, contract));
  }

  @Override
  public void handle(Exchange exchange) {
    String verb = exchange.method();
    switch (routes.match(verb.equals("HEAD") ? "GET" : verb, exchange.path())) {
      case RouteMatch.Found found -> {
        ServedRoute<?, ?> route = methods.get(found.method().fullName());
        if (route == null) {
          noRoute(exchange);
        } else {
          accept(exchange, route.by(found));
        }
      }
      case RouteMatch.WrongVerb wrong -> wrongVerb(exchange, wrong.allowed());
      case RouteMatch.NoRoute none -> noRoute(exchange);
    }
  }

  private <ReqT, RespT> void accept(Exchange exchange, ServedRoute<ReqT, RespT> route) {
    if (!route.method().descriptor().getType().clientSendsOneMessage()) {
      String name = route.method().name();
      refuse(
          exchange, 501, Status.UNIMPLEMENTED, name + " takes a stream, which REST cannot carry");
      return;
    }
    if (route.takesBody() && !isJson(exchange.headers())) {
      unsupported(exchange, "accept", MediaTypes.JSON, "content-type");
      return;
    }
    String encoding = header(exchange.headers(), "content-encoding");
    if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
      unsupported(exchange, "accept-encoding", "identity", "content-encoding");
      return;
    }
    try {
      if (isTooLarge(header(exchange.headers(), "content-length"))) {
        exchange.receive(new Ignored(exchange));
        problem(exchange, 413, RequestCollector.tooLarge(), new DefaultHttp2Headers(false));
        return;
      }
      exchange.receive(
          new RequestCollector<>(
              route, exchange, codec, metadata(exchange), deadline(exchange.headers())));
    } catch (IllegalArgumentException e) {
      refuse(exchange, 400, Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
    }
  }

  private static Metadata metadata(Exchange exchange) {
    Metadata metadata = new Metadata();
    for (Map.Entry<CharSequence, CharSequence> header : exchange.headers()) {
      HeaderMetadata.add(metadata, header.getKey().toString(), header.getValue().toString());
    }
    return metadata;
  }

  private static @Nullable Deadline deadline(Http2Headers headers) {
    String timeout = header(headers, GrpcTimeout.NAME);
    return timeout.isEmpty()
        ? null
        : Deadline.after(GrpcTimeout.parse(timeout), TimeUnit.NANOSECONDS);
  }

  private static boolean isJson(Http2Headers headers) {
    String contentType = header(headers, "content-type");
    return contentType.isEmpty() || MediaTypes.is(contentType, MediaTypes.JSON);
  }

  private static boolean isTooLarge(String contentLength) {
    return !contentLength.isEmpty()
        && Long.parseLong(contentLength) > Bytes.DEFAULT_MAX_MESSAGE_SIZE;
  }

  private static String header(Http2Headers headers, String name) {
    CharSequence value = headers.get(name);
    return value == null ? "" : value.toString().strip();
  }

  // Refusals.

  private void noRoute(Exchange exchange) {
    refuse(
        exchange,
        404,
        Status.UNIMPLEMENTED,
        "nothing answers to " + exchange.method() + " " + shortened(exchange.path()));
  }

  private void wrongVerb(Exchange exchange, Set<String> verbs) {
    Set<String> allowed = new TreeSet<>(verbs);
    if (allowed.contains("GET")) {
      allowed.add("HEAD");
    }
    allowed.add("OPTIONS");
    String list = allowed.stream().collect(joining(", "));
    Http2Headers headers = new DefaultHttp2Headers(false).add("allow", list);
    exchange.receive(new Ignored(exchange));
    if (exchange.method().equals("OPTIONS")) {
      Answers.whole(exchange, 204, headers, Unpooled.EMPTY_BUFFER);
    } else {
      String text =
          exchange.method() + " " + shortened(exchange.path()) + " (expected: " + list + ")";
      problem(exchange, 405, status(Status.UNIMPLEMENTED, text), headers);
    }
  }

  private void unsupported(Exchange exchange, String hint, String wanted, String header) {
    exchange.receive(new Ignored(exchange));
    String got = shortened(header(exchange.headers(), header));
    problem(
        exchange,
        415,
        status(Status.INVALID_ARGUMENT, header + ": " + got + " (expected: " + wanted + ")"),
        new DefaultHttp2Headers(false).add(hint, wanted));
  }

  private void refuse(Exchange exchange, int httpStatus, Status code, String text) {
    exchange.receive(new Ignored(exchange));
    problem(exchange, httpStatus, status(code, text), new DefaultHttp2Headers(false));
  }

  private void problem(
      Exchange exchange, int httpStatus, com.google.rpc.Status status, Http2Headers headers) {
    Answers.problem(exchange, httpStatus, status, headers, codec);
  }

  private static com.google.rpc.Status status(Status code, String text) {
    return Answers.rpcStatus(code.withDescription(text), new Metadata());
  }

  private static String shortened(String text) {
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }

  /** Drops a body that nobody wants. */
  private record Ignored(Exchange exchange) implements RequestBody {
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
}
