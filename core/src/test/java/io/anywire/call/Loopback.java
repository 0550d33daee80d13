package io.anywire.call;

import io.anywire.wire.ServedMethod;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The smallest wire there is: an outbound call that feeds an inbound one in the same process. */
final class Loopback extends WireChannel {
  static final MethodDescriptor<String, String> UNARY =
      method("Unary", MethodDescriptor.MethodType.UNARY);
  static final MethodDescriptor<String, String> BIDI =
      method("Bidi", MethodDescriptor.MethodType.BIDI_STREAMING);

  private final ServerCallHandler<?, ?> handler;
  private final InFlight inbound = new InFlight();

  Loopback(ServerCallHandler<String, String> handler) {
    this.handler = handler;
  }

  /** The inbound calls that have not been released. */
  InFlight inbound() {
    return inbound;
  }

  @Override
  @SuppressWarnings("unchecked")
  protected <ReqT, RespT> ClientCall<ReqT, RespT> call(
      MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    return new Out<>(
        new ServedMethod<>(
            method, (ServerCallHandler<ReqT, RespT>) handler, Optional.empty(), false),
        options);
  }

  @Override
  protected void release() {}

  @Override
  public String authority() {
    return "loopback";
  }

  private static MethodDescriptor<String, String> method(
      String name, MethodDescriptor.MethodType type) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(type)
        .setFullMethodName("loop.Back/" + name)
        .setRequestMarshaller(new Text())
        .setResponseMarshaller(new Text())
        .build();
  }

  private final class Out<ReqT, RespT> extends OutboundCall<ReqT, RespT> {
    private final ServedMethod<ReqT, RespT> served;
    private @Nullable In<ReqT, RespT> in;

    Out(ServedMethod<ReqT, RespT> served, CallOptions options) {
      super(served.descriptor(), options);
      this.served = served;
    }

    @Override
    protected void open(Metadata headers, @Nullable Deadline deadline) {
      inbound.enter();
      In<ReqT, RespT> opened = new In<>(served, this);
      in = opened;
      opened.start(headers, deadline);
    }

    @Override
    protected void write(ReqT message) {
      byte[] bytes = Bytes.encodeRequest(method().getRequestMarshaller(), message, options());
      in.message(() -> Bytes.decode(method().getRequestMarshaller(), bytes));
    }

    @Override
    protected void writeEnd() {
      in.halfClose();
    }

    @Override
    protected void read(int messages) {}

    @Override
    protected void abort(Status reason) {
      if (in != null) {
        in.cancel(reason);
      }
    }

    @Override
    protected String authority() {
      return Loopback.this.authority();
    }

    void back(Metadata headers) {
      headers(headers);
    }

    void back(RespT message) {
      byte[] bytes = Bytes.encode(method().getResponseMarshaller(), message);
      message(() -> Bytes.decodeResponse(method().getResponseMarshaller(), bytes, options()));
    }

    void back(Status status, Metadata trailers) {
      closed(status, trailers);
    }
  }

  private final class In<ReqT, RespT> extends InboundCall<ReqT, RespT> {
    private final Out<ReqT, RespT> out;

    In(ServedMethod<ReqT, RespT> method, Out<ReqT, RespT> out) {
      super(method, Runnable::run);
      this.out = out;
    }

    @Override
    protected void writeHeaders(Metadata headers) {
      out.back(headers);
    }

    @Override
    protected void writeMessage(RespT message) {
      out.back(message);
    }

    @Override
    protected void writeClose(Status status, Metadata trailers) {
      out.back(status, trailers);
    }

    @Override
    protected void read(int messages) {}

    @Override
    protected void released() {
      inbound.exit();
    }
  }

  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String text) {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream in) {
      try {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
