package io.anywire.http.connect;

import io.anywire.call.Failures;
import io.anywire.http.exchange.Exchange;
import io.anywire.http.grpc.Dialect;
import io.anywire.http.grpc.Encodings;
import io.anywire.http.grpc.Framer;
import io.anywire.json.JsonCodec;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Optional;

/** Streams: always status 200, and the outcome in the last envelope. Immutable. */
record StreamDialect(String contentType, JsonCodec json) implements Dialect {
  static final String ENCODING = "connect-content-encoding";

  @Override
  public String acceptHeader() {
    return "connect-accept-encoding";
  }

  @Override
  public Http2Headers head(Metadata metadata, String encoding) {
    Http2Headers head = new DefaultHttp2Headers(false);
    ConnectHeaders.forEach(metadata, head::add);
    head.set("content-type", contentType).set(acceptHeader(), Encodings.ACCEPTED);
    return encoding.equals(Encodings.IDENTITY) ? head : head.set(ENCODING, encoding);
  }

  @Override
  public Ending ending(Status status, Metadata trailers) {
    Optional<com.google.rpc.Status> error =
        status.isOk() ? Optional.empty() : Optional.of(Failures.rpcStatusOf(status, trailers));
    byte[] end = new EndStream(error, trailers).bytes(json);
    return new Ending(Framer.flagged(EndStream.FLAG, end), EmptyHttp2Headers.INSTANCE);
  }

  @Override
  public void refuse(Exchange exchange, Status status, Metadata trailers) {
    Ending ending = ending(status, trailers);
    exchange.complete(
        200, head(new Metadata(), Encodings.IDENTITY), ending.data(), ending.trailers());
  }
}
