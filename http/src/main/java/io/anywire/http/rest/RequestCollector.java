package io.anywire.http.rest;

import io.anywire.call.Bytes;
import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.RequestBody;
import io.anywire.json.JsonCodec;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes in a request's body, at most 4 MiB of it, then starts the call. */
final class RequestCollector<ReqT, RespT> implements RequestBody {
  private final ServedRoute<ReqT, RespT> route;
  private final Exchange exchange;
  private final JsonCodec codec;
  private final Metadata metadata;
  private final @Nullable Deadline deadline;

  private byte[] body = {};
  private int length;
  private boolean refused;
  private @Nullable RestServerCall<ReqT, RespT> call;

  RequestCollector(
      ServedRoute<ReqT, RespT> route,
      Exchange exchange,
      JsonCodec codec,
      Metadata metadata,
      @Nullable Deadline deadline) {
    this.route = route;
    this.exchange = exchange;
    this.codec = codec;
    this.metadata = metadata;
    this.deadline = deadline;
  }

  @Override
  public void data(ByteBuf piece) {
    int bytes = piece.readableBytes();
    try {
      if (!refused && length + bytes > Bytes.DEFAULT_MAX_MESSAGE_SIZE) {
        refused = true;
        body = new byte[0];
        Answers.problem(exchange, 413, tooLarge(), new DefaultHttp2Headers(false), codec);
      } else if (!refused) {
        append(piece, bytes);
      }
    } finally {
      piece.release();
      exchange.consumed(bytes);
    }
  }

  @Override
  public void end() {
    if (refused) {
      return;
    }
    byte[] json = length == body.length ? body : Arrays.copyOf(body, length);
    body = new byte[0];
    RestServerCall<ReqT, RespT> started = new RestServerCall<>(route, exchange, codec);
    call = started;
    String query = exchange.query();
    started.start(metadata, deadline);
    started.message(() -> RequestReader.read(codec, route, query, json));
    started.halfClose();
  }

  @Override
  public void cancelled() {
    refused = true;
    if (call != null) {
      call.cancel(Status.CANCELLED.withDescription("the client is gone"));
    }
  }

  @Override
  public void writable() {
    if (call != null) {
      call.writable();
    }
  }

  private void append(ByteBuf piece, int bytes) {
    if (length + bytes > body.length) {
      body = Arrays.copyOf(body, Math.max(length + bytes, Math.min(2 * length, 1 << 22)));
    }
    piece.readBytes(body, length, bytes);
    length += bytes;
  }

  /** The same as what gRPC says of a message that is too large. */
  static com.google.rpc.Status tooLarge() {
    return Answers.rpcStatus(
        Status.RESOURCE_EXHAUSTED.withDescription(
            "request body too large (expected: <= " + Bytes.DEFAULT_MAX_MESSAGE_SIZE + " bytes)"),
        new Metadata());
  }
}
