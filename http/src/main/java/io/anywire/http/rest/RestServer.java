package io.anywire.http.rest;

import static java.util.Comparator.comparingInt;

import com.google.protobuf.TypeRegistry;
import io.anywire.contract.FieldPath;
import io.anywire.contract.HttpRoute;
import io.anywire.contract.MethodContract;
import io.anywire.contract.RouteMatch;
import io.anywire.contract.RouteTable;
import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.ExchangeHandler;
import io.anywire.http.rest.AcceptedRequest.Current;
import io.anywire.http.rest.Representations.Chosen;
import io.anywire.json.JsonCodec;
import io.anywire.wire.ServedMethod;
import io.anywire.wire.Services;
import io.anywire.xml.XmlCodec;
import io.grpc.Deadline;
import io.grpc.Status;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers HTTP requests by calling handlers, by the routes of their contracts. Unary methods and
 * streams of responses; a method that takes a stream is {@code 501}.
 *
 * <ul>
 *   <li><b>Requests</b> are JSON in UTF-8, protobuf or XML, by their {@code content-type},
 *       compressed by gzip or not; another type is {@code 415}, what does not fit the contract
 *       {@code 400} with a {@code google.rpc.BadRequest}.
 *   <li><b>Responses</b> are what {@code accept} likes best of the same, else {@code 406}; streams
 *       are JSON lines or Server-Sent Events. Larger ones are compressed where the client takes it.
 *   <li><b>Errors</b> are {@code application/problem+json} (RFC 9457) with the members {@code
 *       code}, {@code reason} and {@code details}, or the same in what else the client likes. No
 *       such path is {@code 404} with the code {@code UNIMPLEMENTED}, so that nobody takes it for a
 *       missing resource.
 *   <li><b>Caching</b>: see {@link Caching}; <b>versions</b>: see {@link Preconditions}.
 *   <li><b>Metadata</b> are headers, base64 where the key ends in {@code -bin}; trailers are
 *       headers {@code trailer-NAME}. The deadline is the header {@code grpc-timeout}, as in gRPC:
 *       {@code 500m} for half a second.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class RestServer implements ExchangeHandler {
  private static final AsciiString GRPC_TIMEOUT = AsciiString.cached(GrpcTimeout.NAME);

  private final RouteTable routes;
  private final Map<HttpRoute, ServedRoute<?, ?>> byRoute = new IdentityHashMap<>();
  private final Serving serving;
  private final Refusals refusals;

  /** Serves those methods of {@code services} that are described by protobuf. */
  public RestServer(Services services, RestOptions options) {
    routes = services.contract().routes();
    TypeRegistry.Builder types = TypeRegistry.newBuilder();
    List<MethodContract> contracts =
        services.contract().services().stream().flatMap(s -> s.methods().stream()).toList();
    List<HttpRoute> gets =
        contracts.stream()
            .filter(MethodContract::isUnary)
            .flatMap(contract -> contract.routes().stream())
            .filter(route -> route.verb().equals("GET"))
            .toList();
    for (MethodContract contract : contracts) {
      types.add(contract.inputType()).add(contract.outputType());
      services.method(contract.fullName()).ifPresent(method -> add(method, contract, gets));
    }
    serving = serving(types.build(), options);
    refusals = new Refusals(serving);
  }

  private void add(ServedMethod<?, ?> method, MethodContract contract, List<HttpRoute> gets) {
    contract
        .routes()
        .forEach(route -> byRoute.put(route, ServedRoute.of(method, contract, route, gets)));
  }

  private static Serving serving(TypeRegistry types, RestOptions options) {
    JsonCodec codec =
        JsonCodec.builder().types(types).ignoreUnknownFields(options.ignoreUnknownFields()).build();
    XmlCodec xml =
        XmlCodec.builder().types(types).ignoreUnknownFields(options.ignoreUnknownFields()).build();
    List<Representation> inOrder =
        List.of(
            new JsonRepresentation(codec),
            new ProtobufRepresentation(),
            new XmlRepresentation(xml));
    return new Serving(new Representations(inOrder), codec, options);
  }

  @Override
  public void handle(Exchange exchange) {
    String verb = exchange.method();
    switch (routes.match(verb.equals("HEAD") ? "GET" : verb, exchange.path())) {
      case RouteMatch.Found found -> {
        ServedRoute<?, ?> route = byRoute.get(found.route());
        if (route == null) {
          refusals.noRoute(exchange);
        } else {
          accept(exchange, route, found.variables());
        }
      }
      case RouteMatch.WrongVerb wrong -> refusals.wrongVerb(exchange, wrong.allowed());
      case RouteMatch.NoRoute none when isForAll(exchange) ->
          refusals.wrongVerb(exchange, Set.of());
      case RouteMatch.NoRoute none -> refusals.noRoute(exchange);
    }
  }

  private <ReqT, RespT> void accept(
      Exchange exchange, ServedRoute<ReqT, RespT> route, Map<FieldPath, String> variables) {
    Http2Headers headers = exchange.headers();
    if (!route.method().descriptor().getType().clientSendsOneMessage()) {
      String name = route.method().name();
      refusals.refuse(
          exchange, 501, Status.UNIMPLEMENTED, name + " takes a stream, which REST cannot carry");
      return;
    }
    Optional<Chosen> sent = serving.representations().sent(headers);
    if (sent.isEmpty() && route.takesBody()) {
      refusals.unsupportedType(exchange);
      return;
    }
    CharSequence encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    boolean gzip = encoding != null && Gzip.isNamed(encoding);
    if (encoding != null && !gzip && !AsciiString.contentEqualsIgnoreCase(encoding, "identity")) {
      refusals.unsupported(
          exchange, new DefaultHttp2Headers(false), "content-encoding", Gzip.ACCEPTED);
      return;
    }
    Optional<? extends AnswerForm> answer = answer(route, headers);
    if (answer.isEmpty()) {
      refusals.notAcceptable(exchange, route);
      return;
    }
    if (answer.get() == EventStream.FORM && EventStream.hasSeenEnd(headers)) {
      exchange.receive(new Refusals.Ignored(exchange));
      Answers.whole(exchange, 204, new DefaultHttp2Headers(false), Unpooled.EMPTY_BUFFER);
      return;
    }
    Representation form =
        sent.isPresent() ? sent.get().form() : serving.representations().forms().getFirst();
    try {
      Preconditions preconditions = Preconditions.of(headers);
      receive(
          new AcceptedRequest<>(
              serving,
              route,
              variables,
              exchange,
              form,
              gzip,
              answer.get(),
              preconditions,
              route.readable() && !preconditions.isEmpty() ? current(exchange) : Optional.empty(),
              HeaderMetadata.of(headers),
              deadline(headers)));
    } catch (IllegalArgumentException e) {
      refusals.refuse(exchange, 400, Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
    }
  }

  private void receive(AcceptedRequest<?, ?> request) {
    Exchange exchange = request.exchange();
    CharSequence length = exchange.headers().get(HttpHeaderNames.CONTENT_LENGTH);
    if (length != null
        && Long.parseLong(length.toString().strip()) > serving.options().messageBytes()) {
      exchange.receive(new Refusals.Ignored(exchange));
      RequestCollector.tooLarge(request);
    } else {
      exchange.receive(new RequestCollector<>(request));
    }
  }

  private Optional<? extends AnswerForm> answer(ServedRoute<?, ?> route, Http2Headers headers) {
    if (!route.streams()) {
      return serving.representations().accepted(headers);
    }
    Accept wanted = Accept.of(headers);
    return Serving.STREAMS.stream()
        .filter(form -> wanted.weight(form.mediaType()) > 0)
        .max(comparingInt(form -> wanted.weight(form.mediaType())));
  }

  /** The route by which a client learns the version of what it is about to write. */
  private Optional<Current<?, ?>> current(Exchange exchange) {
    if (Answers.isGet(exchange)
        || !(routes.match("GET", exchange.path()) instanceof RouteMatch.Found found)) {
      return Optional.empty();
    }
    ServedRoute<?, ?> route = byRoute.get(found.route());
    return route == null || route.caching().isEmpty()
        ? Optional.empty()
        : Optional.of(new Current<>(route, found.variables()));
  }

  private static @Nullable Deadline deadline(Http2Headers headers) {
    CharSequence timeout = headers.get(GRPC_TIMEOUT);
    return timeout == null || timeout.isEmpty()
        ? null
        : Deadline.after(GrpcTimeout.parse(timeout.toString().strip()), TimeUnit.NANOSECONDS);
  }

  /** {@code OPTIONS *} asks about the server as a whole (RFC 9110, section 9.3.7). */
  private static boolean isForAll(Exchange exchange) {
    return exchange.path().equals("*") && exchange.method().equals("OPTIONS");
  }
}
