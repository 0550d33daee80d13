package io.anywire.http.rest;

import com.google.rpc.Status;
import io.anywire.json.JsonCodec;
import io.grpc.Metadata;
import io.netty.buffer.ByteBuf;

/** How a stream of responses, each in JSON, becomes one body. Immutable and thread-safe. */
non-sealed interface AnswerStream extends AnswerForm {

  /** The media type of the body. */
  String mediaType();

  /** What stands before a message. */
  byte[] beforeMessage();

  /** What stands behind it. */
  byte[] afterMessage();

  /** The end mark of a stream that went well. */
  ByteBuf end(Metadata trailers);

  /** The end of a stream that failed. */
  ByteBuf error(int httpStatus, Status status, Metadata trailers, JsonCodec codec);
}
