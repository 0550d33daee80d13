package io.anywire.http.rest;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.TypeRegistry;
import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.call.Threads;
import io.anywire.call.WireChannel;
import io.anywire.contract.Contract;
import io.anywire.contract.MethodContract;
import io.anywire.http.cache.CachingClient;
import io.anywire.http.rest.Representations.Chosen;
import io.anywire.http.tls.ClientTls;
import io.anywire.json.JsonCodec;
import io.anywire.wire.Parameters;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A channel that calls by REST over HTTP/1.1 or HTTP/2, with connections that are kept: unary
 * methods and streams of responses, by the first of a method's {@code google.api.http} routes that
 * can carry the request, else by its name in the Connect protocol, which any Connect server
 * answers. What REST cannot carry is {@code UNIMPLEMENTED} before anything is sent.
 *
 * <p>Requests and single responses are JSON, or what the URL's parameter {@code codec} says: {@code
 * xml} or {@code protobuf}. Streams of responses are JSON lines whatever it says. Calls by name are
 * JSON, or protobuf where that is said and the response is a single one. {@code http=2} speaks
 * HTTP/2 where the server does; {@code route=name} calls every method by its name.
 *
 * <p>Errors that a {@link RestServer} wrote come back as they were, with details and trailers;
 * those that anybody else wrote are told by their HTTP status, as gRPC does. A server that cannot
 * be reached, and a stream without its end mark, are {@code UNAVAILABLE}. Nothing is retried but
 * connecting, for calls that wait for a ready server.
 *
 * <p>Responses to unary calls by {@code GET} are cached as their headers allow ({@link
 * CachingClient}), in as many MiB as the URL's parameter {@code cache} says: 16 by default, none
 * for 0. No two channels share a cache. Thread-safe.
 */
public final class RestChannel extends WireChannel {
  private final WireUrl url;
  private final String base;
  private final String authority;
  private final String userAgent;
  private final Optional<String> authorization;
  private final RestChannelOptions options;
  private final HttpClient http;
  private final Optional<CachingClient> cache;
  private final Map<ServiceDescriptor, Known> known = new ConcurrentHashMap<>();

  /** A service's contract, and what knows its types. */
  private record Known(
      Contract contract, JsonCodec codec, Chosen routed, Chosen named, Chosen streamed) {}

  /** Opens a channel without TLS; nothing is connected yet. */
  public RestChannel(WireUrl url, Anywire anywire) {
    this(url, Parameters.of(url), Optional.empty(), anywire);
  }

  /**
   * Opens a channel; nothing is connected yet.
   *
   * @param url {@code http://host:port}, {@code https} or {@code http+tls}; a path goes before
   *     every route, credentials are sent by the Basic scheme (RFC 7617)
   * @param parameters those of the URL, where {@code tls} has been read already
   * @param tls whom to trust; empty for a connection without TLS
   * @throws IllegalArgumentException when the URL does not name one host, or has a parameter that
   *     is unknown or out of bounds
   */
  public RestChannel(WireUrl url, Parameters parameters, Optional<ClientTls> tls, Anywire anywire) {
    this.url = url;
    authority = url.host().toString();
    String path =
        url.path().endsWith("/") ? url.path().substring(0, url.path().length() - 1) : url.path();
    base = (url.tls() ? "https://" : "http://") + authority + path;
    userAgent = anywire.applicationName().map(name -> name + " anywire").orElse("anywire");
    authorization = url.credentials().map(c -> "Basic " + base64(c.user() + ":" + c.password()));
    options = RestChannelOptions.read(parameters);
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(options.version())
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(Threads.VIRTUAL);
    tls.map(ClientTls::jdkContext).ifPresent(client::sslContext);
    http = client.build();
    long mebibytes = options.cacheMebibytes();
    cache =
        mebibytes == 0 ? Optional.empty() : Optional.of(new CachingClient(http, mebibytes << 20));
  }

  @Override
  public String authority() {
    return authority;
  }

  @Override
  protected <ReqT, RespT> ClientCall<ReqT, RespT> call(
      MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    return new RestCall<>(this, method, options, binding(method));
  }

  @Override
  protected void release() {
    http.shutdownNow();
  }

  HttpClient http() {
    return http;
  }

  /** The cache; none where the URL says so. */
  Optional<CachingClient> cache() {
    return cache;
  }

  WireUrl url() {
    return url;
  }

  RestChannelOptions options() {
    return options;
  }

  /** What goes before path and query. */
  String base() {
    return base;
  }

  String userAgent() {
    return userAgent;
  }

  Optional<String> authorization() {
    return authorization;
  }

  private <ReqT, RespT> Optional<RestBinding<ReqT, RespT>> binding(
      MethodDescriptor<ReqT, RespT> method) {
    if (!(method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema)) {
      return Optional.empty();
    }
    ServiceDescriptor service = schema.getMethodDescriptor().getService();
    Known of = known.computeIfAbsent(service, this::read);
    return of.contract()
        .method(method.getFullMethodName())
        .map(contract -> RestBinding.of(method, contract, of.codec(), writer(of, contract)));
  }

  private RequestWriter writer(Known known, MethodContract contract) {
    Chosen named = contract.serverStreams() ? known.streamed() : known.named();
    return new RequestWriter(contract, known.codec(), known.routed(), named, options.byName());
  }

  private Known read(ServiceDescriptor service) {
    Contract contract = Contract.of(List.of(service));
    TypeRegistry.Builder types = TypeRegistry.newBuilder();
    for (MethodContract method : contract.services().getFirst().methods()) {
      types.add(method.inputType()).add(method.outputType());
    }
    TypeRegistry all = types.build();
    JsonCodec codec = JsonCodec.builder().ignoreUnknownFields(true).types(all).build();
    return new Known(
        contract,
        codec,
        options.codec().byRoute(codec, all),
        options.codec().byName(codec),
        RestCodec.JSON.byName(codec));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
