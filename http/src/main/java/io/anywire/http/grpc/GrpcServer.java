package io.anywire.http.grpc;

import io.anywire.call.InFlight;
import io.anywire.call.InboundCall;
import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.ExchangeHandler;
import io.anywire.http.exchange.Problem;
import io.anywire.wire.ServedMethod;
import io.anywire.wire.Services;
import io.grpc.Codec;
import io.grpc.Deadline;
import io.grpc.Decompressor;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Serves gRPC and gRPC-Web, and beside the services it was given {@code grpc.health.v1} and server
 * reflection, unless it was given such services too. Thread-safe.
 */
public final class GrpcServer implements ExchangeHandler {
  private static final String MEDIA_TYPE = "application/grpc";
  private static final AsciiString GRPC = AsciiString.cached(MEDIA_TYPE);
  private static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
  private static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");
  private static final Problem NOT_HTTP2 =
      new Problem(
          505,
          "HTTP Version Not Supported",
          "UNIMPLEMENTED",
          "gRPC needs HTTP/2 (expected: HTTP/2 or HTTP/3)");
  private static final Problem NOT_POST =
      new Problem(405, "Method Not Allowed", "UNIMPLEMENTED", "gRPC calls are POST requests");
  private static final Problem NOT_GRPC =
      new Problem(
          415,
          "Unsupported Media Type",
          "UNIMPLEMENTED",
          "expected: application/grpc, application/grpc-web or application/grpc-web-text, with or"
              + " without +proto");

  private final Services services;
  private final BuiltIn builtIn;
  private final int maxMessage;
  private final InFlight inFlight = new InFlight();
  private final Map<String, Answered> methods = new HashMap<>();

  /**
   * Serves these services.
   *
   * @param maxMessage the largest request message taken, in bytes, compressed or not; a larger one
   *     is {@code RESOURCE_EXHAUSTED}
   */
  public GrpcServer(Services services, int maxMessage) {
    this.services = services;
    this.maxMessage = maxMessage;
    this.builtIn = new BuiltIn(services);
    answer(services, new Counting());
    answer(builtIn.services(), builtIn);
  }

  /** Whether a request is gRPC by its content type, well-formed or not. */
  public static boolean isGrpc(Exchange exchange) {
    CharSequence type = exchange.headers().get(HttpHeaderNames.CONTENT_TYPE);
    return type != null && AsciiString.of(type).startsWith(GRPC);
  }

  /** Says by the health service that this server should be left alone, and ends its watchers. */
  public void stop() {
    builtIn.stop();
  }

  /**
   * Waits until no call runs.
   *
   * @return whether that was reached within {@code limit}
   */
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    return inFlight.awaitIdle(limit);
  }

  /** The largest request message taken, in bytes. */
  public int maxMessage() {
    return maxMessage;
  }

  /** The method of that full name, {@code package.Service/Method}. */
  public Optional<Answered> find(String name) {
    return Optional.ofNullable(methods.get(name));
  }

  /** Every method that {@link #find} finds. */
  public Collection<Answered> methods() {
    return methods.values();
  }

  private void answer(Services all, CallOwner owner) {
    all.definitions().stream()
        .flatMap(service -> service.getMethods().stream())
        .flatMap(m -> all.method(m.getMethodDescriptor().getFullMethodName()).stream())
        .forEach(method -> methods.putIfAbsent(method.name(), new Answered(method, owner)));
  }

  @Override
  public void handle(Exchange exchange) {
    if (isPlain(exchange)) {
      call(exchange, GrpcDialect.within(exchange.maxResponseHeaders()));
    } else {
      handleOther(exchange);
    }
  }

  /** Almost every call is a POST of that type by HTTP/2, and told without looking closer. */
  private static boolean isPlain(Exchange exchange) {
    CharSequence type = exchange.headers().get(HttpHeaderNames.CONTENT_TYPE);
    return GRPC.contentEquals(type)
        && exchange.version().compareTo(Exchange.Version.HTTP_2) >= 0
        && exchange.method().equals("POST");
  }

  private void handleOther(Exchange exchange) {
    String type = mediaType(exchange);
    boolean web = GrpcWeb.isWeb(type);
    if (exchange.version().compareTo(Exchange.Version.HTTP_2) < 0 && !web) {
      NOT_HTTP2.send(exchange);
    } else if (!exchange.method().equals("POST")) {
      NOT_POST.send(exchange, new DefaultHttp2Headers(false).set("allow", "POST"));
    } else if (web) {
      GrpcWeb.of(type, exchange.headers().get("accept", "").toString())
          .ifPresentOrElse(
              asked -> call(asked.around(exchange), asked), () -> NOT_GRPC.send(exchange));
    } else if (type.equals(MEDIA_TYPE) || type.equals(MEDIA_TYPE + "+proto")) {
      call(exchange, GrpcDialect.within(exchange.maxResponseHeaders()));
    } else {
      NOT_GRPC.send(exchange);
    }
  }

  private static String mediaType(Exchange exchange) {
    String contentType = String.valueOf(exchange.headers().get("content-type"));
    int semicolon = contentType.indexOf(';');
    return (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
  }

  private void call(Exchange exchange, Dialect dialect) {
    String name = exchange.path().substring(1);
    Optional<Answered> found = find(name);
    try {
      if (found.isPresent()) {
        CallOwner owner = found.get().owner();
        ServedMethod<?, ?> method = found.get().method();
        owner.begin(method, () -> begin(method, exchange, dialect, owner));
      } else {
        dialect.refuse(exchange, unknown(name), new Metadata());
      }
    } catch (StatusRuntimeException e) {
      dialect.refuse(exchange, e.getStatus(), new Metadata());
    }
  }

  private <ReqT, RespT> void begin(
      ServedMethod<ReqT, RespT> method, Exchange exchange, Dialect dialect, CallOwner owner) {
    Http2Headers headers = exchange.headers();
    CharSequence timeout = headers.get(TIMEOUT);
    Deadline deadline = timeout == null ? null : Timeout.parse(timeout);
    CharSequence encoding = headers.get(ENCODING);
    Decompressor decompressor =
        encoding == null
            ? Codec.Identity.NONE
            : Encodings.decompressor(ENCODING.toString(), encoding);
    Metadata metadata = MetadataHeaders.read(headers);
    GrpcServerCall<ReqT, RespT> call =
        new GrpcServerCall<>(
            method,
            exchange,
            dialect,
            Payload.of(method.descriptor()),
            decompressor,
            maxMessage,
            owner);
    exchange.receive(call);
    call.start(metadata, deadline);
  }

  private Status unknown(String name) {
    int slash = name.lastIndexOf('/');
    String service = slash < 0 ? name : name.substring(0, slash);
    boolean served =
        services.definitions().stream()
            .anyMatch(d -> d.getServiceDescriptor().getName().equals(service));
    return Status.UNIMPLEMENTED.withDescription(
        served ? "unknown method " + name : "unknown service " + service);
  }

  private final class Counting implements CallOwner {
    @Override
    public void begun(InboundCall<?, ?> call) {
      inFlight.enter();
    }

    @Override
    public void released(InboundCall<?, ?> call) {
      inFlight.exit();
    }
  }
}
