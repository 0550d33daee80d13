package io.anywire.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of one call: what came with it, and what is to go back. An ordinary interceptor
 * makes one for each call, so the matrix also proves that interceptors work on every wire.
 */
final class Exchanged {
  /** Puts the call's metadata into its context, and adds what the handler wants sent back. */
  static final ServerInterceptor INTERCEPTOR =
      new ServerInterceptor() {
        @Override
        public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
            ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
          Exchanged exchanged = new Exchanged(headers);
          return Contexts.interceptCall(
              Context.current().withValue(KEY, exchanged),
              new Answering<>(call, exchanged),
              headers,
              next);
        }
      };

  private static final Context.Key<Exchanged> KEY = Context.key("anywire-conformance-metadata");
  private static final String BINARY = Metadata.BINARY_HEADER_SUFFIX;

  private final Map<String, String> metadata = new TreeMap<>();
  private volatile Map<String, String> headers = Map.of();
  private volatile Map<String, String> trailers = Map.of();

  private Exchanged(Metadata received) {
    received.keys().forEach(name -> metadata.put(name, text(received, name)));
  }

  static Exchanged current() {
    return KEY.get();
  }

  /** What came with the call, as text. */
  Map<String, String> metadata() {
    return metadata;
  }

  /** What is to go back. */
  void answerWith(Map<String, String> newHeaders, Map<String, String> newTrailers) {
    headers = newHeaders;
    trailers = newTrailers;
  }

  /** Metadata as text: `-bin` values in base64, several values of one key joined by a comma. */
  static String text(Metadata metadata, String name) {
    if (name.endsWith(BINARY)) {
      return joined(
          metadata.getAll(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER)),
          bytes -> Base64.getEncoder().encodeToString(bytes));
    }
    return joined(
        metadata.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)), text -> text);
  }

  /** Text as metadata, the other way round. */
  static void put(Metadata into, String name, String text) {
    for (String value : text.split(",")) {
      if (name.endsWith(BINARY)) {
        into.put(
            Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER),
            Base64.getDecoder().decode(value.getBytes(UTF_8)));
      } else {
        into.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
      }
    }
  }

  private static <T> String joined(@Nullable Iterable<T> values, Function<T, String> text) {
    return values == null
        ? ""
        : StreamSupport.stream(values.spliterator(), false)
            .map(text)
            .collect(Collectors.joining(","));
  }

  private static final class Answering<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {
    private final Exchanged exchanged;

    Answering(ServerCall<ReqT, RespT> call, Exchanged exchanged) {
      super(call);
      this.exchanged = exchanged;
    }

    @Override
    public void sendHeaders(Metadata headers) {
      exchanged.headers.forEach((name, value) -> put(headers, name, value));
      super.sendHeaders(headers);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      exchanged.trailers.forEach((name, value) -> put(trailers, name, value));
      super.close(status, trailers);
    }
  }
}
