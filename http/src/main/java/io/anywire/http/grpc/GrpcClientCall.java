package io.anywire.http.grpc;

import io.anywire.call.OutboundCall;
import io.anywire.wire.Explanation;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC call, as its caller sees it. A request of one message goes to the event loop as a whole;
 * that of a stream goes piece by piece.
 */
final class GrpcClientCall<ReqT, RespT> extends OutboundCall<ReqT, RespT>
    implements GrpcClientStream.Receiver<RespT> {
  private final GrpcChannel channel;
  private final GrpcClientStream<RespT> stream;
  private final boolean sendsOne;

  // Touched while the base tells what to do, one thing at a time.
  private Compressor compressor = Codec.Identity.NONE;
  private @Nullable ByteBuf request;

  private volatile boolean compressesMessages = true;

  GrpcClientCall(GrpcChannel channel, MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    super(method, options);
    this.channel = channel;
    this.sendsOne = method.getType().clientSendsOneMessage();
    this.stream = new GrpcClientStream<>(channel, method, options, this);
  }

  @Override
  protected void open(Metadata headers, @Nullable Deadline deadline) {
    channel.explain(method(), options());
    String encoding = options().getCompressor();
    Compressor known = encoding == null ? Codec.Identity.NONE : compressor(encoding);
    if (known == null) {
      closed(
          Status.INTERNAL.withDescription(
              "Unable to find compressor by name " + encoding + " (expected: a registered one)"),
          new Metadata());
      return;
    }
    compressor = known;
    Http2Headers head =
        channel
            .headers()
            .of(method(), options(), headers, known == Codec.Identity.NONE ? null : encoding);
    stream.prepare(head, deadline);
    if (!sendsOne) {
      stream.start();
    }
  }

  private static @Nullable Compressor compressor(String encoding) {
    return CompressorRegistry.getDefaultInstance().lookupCompressor(encoding);
  }

  @Override
  protected void write(ReqT message) {
    ByteBuf framed =
        Framer.frame(
            method().getRequestMarshaller(),
            message,
            compressesMessages ? compressor : Codec.Identity.NONE);
    checkSize(framed.readableBytes() - Framer.PREFIX);
    if (!sendsOne) {
      stream.send(framed);
    } else if (request == null) {
      request = framed;
    } else {
      throw Status.INTERNAL
          .withDescription("Too many requests (expected: 1) for " + method().getFullMethodName())
          .asRuntimeException();
    }
  }

  private void checkSize(int bytes) {
    Integer limit = options().getMaxOutboundMessageSize();
    if (limit != null && bytes > limit) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription("request of " + bytes + " bytes (expected: <= " + limit + ")")
          .asRuntimeException();
    }
  }

  @Override
  protected void writeEnd() {
    if (sendsOne) {
      stream.startWhole(request);
    } else {
      stream.end();
    }
  }

  /** The stream reads ahead by itself, within bounds. */
  @Override
  protected void read(int messages) {}

  @Override
  protected void abort(Status reason) {
    stream.abort();
    Explanation.say(options(), "attempt", "broken off: " + reason.getCode());
  }

  @Override
  protected String authority() {
    return channel.authority();
  }

  @Override
  protected SecurityLevel securityLevel() {
    return channel.securityLevel();
  }

  @Override
  public boolean isReady() {
    return sendsOne || stream.isReady();
  }

  @Override
  public void setMessageCompression(boolean enabled) {
    compressesMessages = enabled;
  }

  @Override
  public Attributes getAttributes() {
    return stream.attributes();
  }

  // What comes back, on the event loop.

  @Override
  public void head(Metadata headers) {
    headers(headers);
  }

  @Override
  public void next(Supplier<RespT> message) {
    message(message);
  }

  @Override
  public void whole(
      Metadata headers, @Nullable Supplier<RespT> message, Status status, Metadata trailers) {
    answered(headers, message, told(status), trailers);
  }

  @Override
  public void end(Status status, Metadata trailers) {
    closed(told(status), trailers);
  }

  @Override
  public void ready() {
    writable();
  }

  /** A server whose timer was first cancels the stream; the caller is told why. */
  private Status told(Status status) {
    Deadline deadline = deadline();
    return status.getCode() == Status.Code.CANCELLED && deadline != null && deadline.isExpired()
        ? Status.DEADLINE_EXCEEDED.withDescription("the server ended the call at its deadline")
        : status;
  }
}
