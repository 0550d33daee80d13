package io.anywire.http.grpc;

import io.anywire.http.exchange.Exchange;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * How a response whose messages are framed as gRPC's is put into HTTP: gRPC's own way, or that of
 * one of its relatives. Thread-safe.
 */
public interface Dialect {

  /** The request's header that names the compressions that its client takes. */
  String acceptHeader();

  /** The head of a response: initial metadata, and which compression the messages have. */
  Http2Headers head(Metadata metadata, String encoding);

  /** The end of a response that had a head. */
  Ending ending(Status status, Metadata trailers);

  /** Answers with an end and nothing else; from any thread. */
  void refuse(Exchange exchange, Status status, Metadata trailers);

  /**
   * What ends a response.
   *
   * @param data the last of the body; may be empty
   * @param trailers HTTP's own; may be empty
   */
  record Ending(ByteBuf data, Http2Headers trailers) {}
}
