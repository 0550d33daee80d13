package io.anywire.http.connect;

import com.google.protobuf.TypeRegistry;
import io.anywire.contract.Contract;
import io.anywire.contract.MethodContract;
import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.ExchangeHandler;
import io.anywire.http.grpc.Answered;
import io.anywire.http.grpc.CallOwner;
import io.anywire.http.grpc.Encodings;
import io.anywire.http.grpc.GrpcServer;
import io.anywire.http.grpc.GrpcServerCall;
import io.anywire.json.JsonCodec;
import io.anywire.wire.ServedMethod;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Answers {@code POST /package.Service/Method} for every method that is described by protobuf, and
 * {@code GET} for unary ones without side effects, in the Connect protocol. A path that the
 * contract itself gives to some route, without variables, is left to that route.
 *
 * <p>JSON is read as other implementations of the protocol read it: fields that are not known are
 * ignored. Thread-safe.
 */
public final class ConnectServer implements ExchangeHandler {
  private final Map<String, ServedByName<?, ?>> methods = new HashMap<>();
  private final JsonCodec codec;
  private final int maxMessage;
  private final boolean requiresVersion;

  /**
   * Serves what {@code grpc} serves.
   *
   * @param contract the routes that come first
   * @param requiresVersion whether a request must say the protocol's version, so that no ordinary
   *     HTTP request is taken for a call
   */
  public ConnectServer(GrpcServer grpc, Contract contract, boolean requiresVersion) {
    this.maxMessage = grpc.maxMessage();
    this.requiresVersion = requiresVersion;
    TypeRegistry.Builder types = TypeRegistry.newBuilder();
    for (Answered answered : grpc.methods()) {
      answered.method().contract().ifPresent(m -> types.add(m.inputType()).add(m.outputType()));
    }
    codec = JsonCodec.builder().ignoreUnknownFields(true).types(types.build()).build();
    Set<String> taken = routed(contract);
    for (Answered answered : grpc.methods()) {
      answered
          .method()
          .contract()
          .filter(method -> !taken.contains("/" + method.fullName()))
          .ifPresent(method -> add(answered.method(), answered.owner(), method));
    }
  }

  private static Set<String> routed(Contract contract) {
    return contract.services().stream()
        .flatMap(service -> service.methods().stream())
        .flatMap(method -> method.routes().stream())
        .filter(route -> route.path().variables().isEmpty())
        .map(route -> route.path().toString())
        .collect(Collectors.toSet());
  }

  private void add(ServedMethod<?, ?> method, CallOwner owner, MethodContract contract) {
    methods.put("/" + contract.fullName(), ServedByName.of(method, owner, contract, codec));
  }

  /** Whether a request's path is that of a method. */
  public boolean answers(Exchange exchange) {
    return methods.containsKey(exchange.path());
  }

  /** Answers a request that {@link #answers} said yes to. */
  @Override
  public void handle(Exchange exchange) {
    ServedByName<?, ?> method = methods.get(exchange.path());
    if (method == null) {
      throw new IllegalArgumentException(exchange.path() + " (expected: the path of a method)");
    }
    String verb = exchange.method();
    try {
      if (verb.equals("POST")) {
        post(exchange, method);
      } else if (method.byGet() && (verb.equals("GET") || verb.equals("HEAD"))) {
        get(exchange, method);
      } else {
        wrongVerb(exchange, method);
      }
    } catch (StatusRuntimeException e) {
      Refusal.of(e).send(exchange, codec);
    }
  }

  private <ReqT, RespT> void post(Exchange exchange, ServedByName<ReqT, RespT> method) {
    String type = ConnectHeaders.text(exchange.headers(), "content-type");
    Optional<ConnectCodec> asked = ConnectCodec.ofType(type, method.streams());
    if (asked.isEmpty()) {
      unsupported(exchange, "content-type: " + ConnectHeaders.shortened(type), method);
    } else if (method.streams()) {
      stream(exchange, method, asked.get());
    } else {
      requireVersion(exchange.headers());
      Decompressor decompressor = decompressor(exchange.headers(), "content-encoding");
      begin(exchange, new UnaryCall.Asked<>(method, asked.get(), null, decompressor));
    }
  }

  private <ReqT, RespT> void get(Exchange exchange, ServedByName<ReqT, RespT> method) {
    GetQuery query = GetQuery.read(exchange.query(), requiresVersion);
    Optional<ConnectCodec> asked = ConnectCodec.named(query.encoding());
    if (asked.isEmpty()) {
      unsupported(exchange, "encoding: " + ConnectHeaders.shortened(query.encoding()), method);
      return;
    }
    Decompressor decompressor = Encodings.decompressor("compression", query.compression());
    begin(exchange, new UnaryCall.Asked<>(method, asked.get(), query.message(), decompressor));
  }

  private <ReqT, RespT> void begin(Exchange exchange, UnaryCall.Asked<ReqT, RespT> asked) {
    Deadline deadline = ConnectHeaders.deadline(exchange.headers());
    Metadata metadata = ConnectHeaders.read(exchange.headers());
    asked
        .by()
        .owner()
        .begin(
            asked.by().method(),
            () -> {
              UnaryCall<ReqT, RespT> call = new UnaryCall<>(asked, exchange, codec, maxMessage);
              exchange.receive(call);
              call.start(metadata, deadline);
            });
  }

  private <ReqT, RespT> void stream(
      Exchange exchange, ServedByName<ReqT, RespT> method, ConnectCodec asked) {
    StreamDialect dialect = new StreamDialect(asked.mediaType(true), codec);
    try {
      requireVersion(exchange.headers());
      Deadline deadline = ConnectHeaders.deadline(exchange.headers());
      Decompressor decompressor = decompressor(exchange.headers(), StreamDialect.ENCODING);
      Metadata metadata = ConnectHeaders.read(exchange.headers());
      CallOwner owner = method.owner();
      owner.begin(
          method.method(),
          () -> {
            GrpcServerCall<ReqT, RespT> call =
                new GrpcServerCall<>(
                    method.method(),
                    exchange,
                    dialect,
                    method.payload(asked),
                    decompressor,
                    maxMessage,
                    owner);
            exchange.receive(call);
            call.start(metadata, deadline);
          });
    } catch (StatusRuntimeException e) {
      dialect.refuse(exchange, e.getStatus(), new Metadata());
    }
  }

  private void requireVersion(Http2Headers headers) {
    String version = ConnectHeaders.text(headers, ConnectHeaders.VERSION);
    if (!version.equals("1") && (requiresVersion || !version.isEmpty())) {
      String got = version.isEmpty() ? "not there" : ConnectHeaders.shortened(version);
      throw Status.INVALID_ARGUMENT
          .withDescription(ConnectHeaders.VERSION + ": " + got + " (expected: 1)")
          .asRuntimeException();
    }
  }

  private static Decompressor decompressor(Http2Headers headers, String header) {
    String encoding = ConnectHeaders.text(headers, header);
    return encoding.isEmpty() ? Codec.Identity.NONE : Encodings.decompressor(header, encoding);
  }

  private void unsupported(Exchange exchange, String got, ServedByName<?, ?> method) {
    String wanted = ConnectCodec.mediaTypes(method.streams());
    Http2Headers headers = new DefaultHttp2Headers(false).add("accept-post", wanted);
    Refusal.of(415, Status.INVALID_ARGUMENT, got + " (expected: " + wanted + ")")
        .send(exchange, codec, headers);
  }

  private void wrongVerb(Exchange exchange, ServedByName<?, ?> method) {
    Http2Headers headers = new DefaultHttp2Headers(false).add("allow", method.verbs());
    if (exchange.method().equals("OPTIONS")) {
      exchange.complete(204, headers, Unpooled.EMPTY_BUFFER, EmptyHttp2Headers.INSTANCE);
    } else {
      String got = exchange.method() + " " + exchange.path();
      Refusal.of(405, Status.UNIMPLEMENTED, got + " (expected: " + method.verbs() + ")")
          .send(exchange, codec, headers);
    }
  }
}
