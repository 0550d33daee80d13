package io.anywire.http.grpc;

import io.anywire.call.InFlight;
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
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.Optional;

/**
 * Serves gRPC, and beside the services it was given {@code grpc.health.v1} and server reflection,
 * unless it was given such services too. Thread-safe.
 */
public final class GrpcServer implements ExchangeHandler {
  private static final String MEDIA_TYPE = "application/grpc";
  private static final Problem NOT_HTTP2 =
      new Problem(
          505,
          "HTTP Version Not Supported",
          "UNIMPLEMENTED",
          "gRPC needs HTTP/2 (expected: HTTP/2 with prior knowledge)");
  private static final Problem NOT_POST =
      new Problem(405, "Method Not Allowed", "UNIMPLEMENTED", "gRPC calls are POST requests");
  private static final Problem NOT_GRPC =
      new Problem(
          415,
          "Unsupported Media Type",
          "UNIMPLEMENTED",
          "expected: application/grpc or application/grpc+proto");

  private final Services services;
  private final BuiltIn builtIn;
  private final int maxMessage;
  private final InFlight inFlight = new InFlight();
  private final Counting counting = new Counting();

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
  }

  /** Whether a request is gRPC by its content type, well-formed or not. */
  public static boolean isGrpc(Exchange exchange) {
    CharSequence type = exchange.headers().get("content-type");
    return type != null && type.toString().startsWith(MEDIA_TYPE);
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

  @Override
  public void handle(Exchange exchange) {
    if (exchange.version() != Exchange.Version.HTTP_2) {
      NOT_HTTP2.send(exchange);
    } else if (!exchange.method().equals("POST")) {
      NOT_POST.send(exchange, new DefaultHttp2Headers(false).set("allow", "POST"));
    } else if (!isSupported(String.valueOf(exchange.headers().get("content-type")))) {
      NOT_GRPC.send(exchange);
    } else {
      call(exchange);
    }
  }

  private static boolean isSupported(String contentType) {
    int semicolon = contentType.indexOf(';');
    String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
    return type.equals(MEDIA_TYPE) || type.equals(MEDIA_TYPE + "+proto");
  }

  private void call(Exchange exchange) {
    String name = exchange.path().substring(1);
    Optional<ServedMethod<?, ?>> own = services.method(name);
    Optional<ServedMethod<?, ?>> method = own.or(() -> builtIn.method(name));
    try {
      if (own.isPresent()) {
        begin(own.get(), exchange, counting);
      } else if (method.isPresent()) {
        builtIn.begin(method.get(), () -> begin(method.get(), exchange, builtIn));
      } else {
        refuse(exchange, unknown(name), new Metadata());
      }
    } catch (StatusRuntimeException e) {
      refuse(exchange, e.getStatus(), new Metadata());
    }
  }

  private <ReqT, RespT> void begin(
      ServedMethod<ReqT, RespT> method, Exchange exchange, GrpcServerCall.Owner owner) {
    Http2Headers headers = exchange.headers();
    CharSequence timeout = headers.get("grpc-timeout");
    Deadline deadline = timeout == null ? null : Timeout.parse(timeout);
    CharSequence encoding = headers.get("grpc-encoding");
    Decompressor decompressor =
        encoding == null ? Codec.Identity.NONE : Encodings.decompressor(encoding);
    Metadata metadata = MetadataHeaders.read(headers);
    GrpcServerCall<ReqT, RespT> call =
        new GrpcServerCall<>(method, exchange, decompressor, maxMessage, owner);
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

  /** Ends an exchange with a status and nothing else. */
  static void refuse(Exchange exchange, Status status, Metadata trailers) {
    exchange.complete(
        200,
        ResponseHeaders.only(status, trailers),
        Unpooled.EMPTY_BUFFER,
        EmptyHttp2Headers.INSTANCE);
  }

  private final class Counting implements GrpcServerCall.Owner {
    @Override
    public void begun(GrpcServerCall<?, ?> call) {
      inFlight.enter();
    }

    @Override
    public void released(GrpcServerCall<?, ?> call) {
      inFlight.exit();
    }
  }
}
