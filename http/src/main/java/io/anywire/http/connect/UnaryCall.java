package io.anywire.http.connect;

import io.anywire.call.Failures;
import io.anywire.call.InboundCall;
import io.anywire.http.exchange.CallTransport;
import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.RequestBody;
import io.anywire.http.grpc.Encodings;
import io.anywire.http.grpc.Payload;
import io.anywire.json.JsonCodec;
import io.grpc.Attributes;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.Decompressor;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A unary call: its request is the body, or in the query of a {@code GET}; its response is held
 * back until the outcome is known, so that an error can have its HTTP status.
 */
final class UnaryCall<ReqT, RespT> extends InboundCall<ReqT, RespT> implements RequestBody {
  /** A smaller response is not worth compressing. */
  private static final int WORTH_COMPRESSING = 1024;

  private final Asked<ReqT, RespT> asked;
  private final Exchange exchange;
  private final JsonCodec json;
  private final int maxMessage;
  private final Payload<ReqT, RespT> payload;

  // The request; touched by the event loop only.
  private byte[] body = {};
  private int length;
  private boolean refused;

  /** Guards what follows: a deadline may end the call while the handler writes. */
  private final ReentrantLock writing = new ReentrantLock();

  private Metadata headers = new Metadata();
  private byte[] held = {};
  private boolean compresses;

  /**
   * How a unary call was asked for.
   *
   * @param inQuery the request where it is in the query
   * @param decompressor of the request
   */
  record Asked<ReqT, RespT>(
      ServedByName<ReqT, RespT> by,
      ConnectCodec codec,
      byte @Nullable [] inQuery,
      Decompressor decompressor) {}

  UnaryCall(Asked<ReqT, RespT> asked, Exchange exchange, JsonCodec json, int maxMessage) {
    super(asked.by().method(), exchange.eventLoop(), exchange.virtualThreads());
    this.asked = asked;
    this.exchange = exchange;
    this.json = json;
    this.maxMessage = maxMessage;
    this.payload = asked.by().payload(asked.codec());
    this.compresses = acceptsCompression();
    asked.by().owner().begun(this);
  }

  // The request, on the event loop.

  @Override
  public void data(ByteBuf piece) {
    int bytes = piece.readableBytes();
    try {
      if (!refused && length > maxMessage - bytes) {
        refuse();
      } else if (!refused && asked.inQuery() == null) {
        append(piece, bytes);
      }
    } finally {
      piece.release();
      exchange.consumed(bytes);
    }
  }

  private void append(ByteBuf piece, int bytes) {
    if (length + bytes > body.length) {
      body = Arrays.copyOf(body, Math.max(length + bytes, (int) Math.min(2L * length, maxMessage)));
    }
    piece.readBytes(body, length, bytes);
    length += bytes;
  }

  private void refuse() {
    refused = true;
    body = new byte[0];
    message(() -> {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription("request too large (expected: <= " + maxMessage + " bytes)")
          .asRuntimeException();
    });
    halfClose();
  }

  @Override
  public void end() {
    if (refused) {
      return;
    }
    byte[] inQuery = asked.inQuery();
    byte[] sent = inQuery != null ? inQuery : body;
    int size = inQuery != null ? inQuery.length : length;
    message(() -> decode(size == sent.length ? sent : Arrays.copyOf(sent, size)));
    halfClose();
  }

  @Override
  public void cancelled() {
    cancel(Status.CANCELLED.withDescription("the client cancelled the call"));
  }

  private ReqT decode(byte[] sent) {
    boolean plain = sent.length == 0 || asked.decompressor() == Codec.Identity.NONE;
    return payload.decode(
        plain ? sent : Encodings.decompress("request", asked.decompressor(), sent, maxMessage));
  }

  @Override
  protected void read(int messages) {
    throw new IllegalStateException("a unary call carries one request message");
  }

  // The response.

  @Override
  protected void writeHeaders(Metadata sent) {
    writing.lock();
    try {
      headers = sent;
    } finally {
      writing.unlock();
    }
  }

  @Override
  protected void writeMessage(RespT message) {
    byte[] bytes = payload.encode(message);
    writing.lock();
    try {
      held = bytes;
    } finally {
      writing.unlock();
    }
  }

  @Override
  protected void writeClose(Status status, Metadata trailers) {
    writing.lock();
    try {
      if (status.isOk()) {
        answer(200, asked.codec().mediaType(false), trailers, held);
      } else {
        byte[] error = ConnectError.bytes(Failures.rpcStatusOf(status, trailers), json);
        int httpStatus = ConnectCode.httpStatus(status.getCode());
        answer(httpStatus, ConnectError.MEDIA_TYPE, trailers, error);
      }
    } finally {
      writing.unlock();
    }
  }

  private void answer(int httpStatus, String contentType, Metadata trailers, byte[] content) {
    Http2Headers head = ConnectHeaders.head(contentType, headers, trailers);
    byte[] sent = content;
    if (compresses && content.length >= WORTH_COMPRESSING) {
      Compressor gzip = new Codec.Gzip();
      sent = Encodings.compress(gzip, content);
      head.set("content-encoding", gzip.getMessageEncoding());
    }
    if (asked.by().byGet()) {
      head.add("vary", "accept-encoding");
    }
    exchange.complete(httpStatus, head, Unpooled.wrappedBuffer(sent), EmptyHttp2Headers.INSTANCE);
  }

  @Override
  protected void released() {
    asked.by().owner().released(this);
  }

  // io.grpc.ServerCall

  @Override
  public boolean isReady() {
    return !isCancelled() && exchange.isWritable();
  }

  @Override
  public void setMessageCompression(boolean enabled) {
    writing.lock();
    try {
      compresses = enabled && acceptsCompression();
    } finally {
      writing.unlock();
    }
  }

  /** Who names nothing takes what the request itself was compressed by. */
  private boolean acceptsCompression() {
    String gzip = asked.decompressor().getMessageEncoding();
    String fallback = gzip.equals("gzip") ? gzip : "";
    String accepted = exchange.headers().get("accept-encoding", fallback).toString();
    for (String one : accepted.split(",")) {
      String[] parts = one.split(";", 2);
      boolean refused = parts.length > 1 && parts[1].strip().matches("q=0(\\.0*)?");
      if (parts[0].strip().equalsIgnoreCase("gzip")) {
        return !refused;
      }
    }
    return false;
  }

  @Override
  public String getAuthority() {
    return exchange.authority();
  }

  @Override
  public SecurityLevel getSecurityLevel() {
    return CallTransport.securityLevel(exchange);
  }

  @Override
  public Attributes getAttributes() {
    return CallTransport.attributes(exchange);
  }
}
