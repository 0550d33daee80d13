package io.anywire.interop;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.ClientStreamTracer.StreamInfo;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells the suite's stream tracers of a call, which is how the suite looks at what was sent and
 * received. Channels of ours have none, since tracers belong to grpc-java's own transports.
 */
final class TracedCall<ReqT, RespT> extends SimpleForwardingClientCall<ReqT, RespT> {
  private final MethodDescriptor<ReqT, RespT> method;
  private final CallOptions options;
  private final List<ClientStreamTracer> tracers = new ArrayList<>();
  private int sent;
  private int received;

  TracedCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, ClientCall<ReqT, RespT> call) {
    super(call);
    this.method = method;
    this.options = options;
  }

  @Override
  public void start(Listener<RespT> listener, Metadata headers) {
    StreamInfo stream = StreamInfo.newBuilder().setCallOptions(options).build();
    options
        .getStreamTracerFactories()
        .forEach(factory -> tracers.add(factory.newClientStreamTracer(stream, headers)));
    tell(ClientStreamTracer::outboundHeaders);
    super.start(new TracedListener(listener), headers);
  }

  @Override
  public void sendMessage(ReqT message) {
    int number = sent++;
    long size = size(method.getRequestMarshaller(), message);
    tell(tracer -> {
      tracer.outboundMessage(number);
      tracer.outboundMessageSent(number, size, size);
      tracer.outboundWireSize(size);
      tracer.outboundUncompressedSize(size);
    });
    super.sendMessage(message);
  }

  private void tell(Consumer<ClientStreamTracer> news) {
    tracers.forEach(news);
  }

  private static <T> long size(Marshaller<T> marshaller, T message) {
    try (InputStream in = marshaller.stream(message)) {
      return in.readAllBytes().length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class TracedListener extends SimpleForwardingClientCallListener<RespT> {
    TracedListener(Listener<RespT> listener) {
      super(listener);
    }

    @Override
    public void onHeaders(Metadata headers) {
      tell(tracer -> tracer.inboundHeaders(headers));
      super.onHeaders(headers);
    }

    @Override
    public void onMessage(RespT message) {
      int number = received++;
      long size = size(method.getResponseMarshaller(), message);
      tell(tracer -> {
        tracer.inboundMessage(number);
        tracer.inboundMessageRead(number, size, size);
        tracer.inboundWireSize(size);
        tracer.inboundUncompressedSize(size);
      });
      super.onMessage(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      tell(tracer -> {
        tracer.inboundTrailers(trailers);
        tracer.streamClosed(status);
      });
      super.onClose(status, trailers);
    }
  }
}
