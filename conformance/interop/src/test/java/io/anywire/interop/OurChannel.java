package io.anywire.interop;

import io.anywire.Anywire;
import io.anywire.testing.FreePorts;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.testing.integration.AbstractInteropTest;

/** gRPC's interoperability suite for channels, on ours, with grpc-java's own server. */
public class OurChannel extends AbstractInteropTest {
  private final int port = FreePorts.next();
  private final Anywire anywire = Anywire.builder().build();

  /** With what the server answers. */
  protected ServerCredentials serverCredentials() {
    return InsecureServerCredentials.create();
  }

  /** With what the channel calls it. */
  protected String url(int port) {
    return "grpc://127.0.0.1:" + port;
  }

  @Override
  protected ServerBuilder<?> getServerBuilder() {
    return Grpc.newServerBuilderForPort(port, serverCredentials())
        .maxInboundMessageSize(MAX_MESSAGE_SIZE);
  }

  @Override
  protected ManagedChannel createChannel() {
    return new ChannelByUrl(anywire, anywire.channel(url(port)));
  }

  @Override
  protected ManagedChannelBuilder<?> createChannelBuilder() {
    throw new UnsupportedOperationException("a channel of ours comes from a URL");
  }

  @Override
  protected ClientInterceptor[] getAdditionalInterceptors() {
    return new ClientInterceptor[] {new LargeResponses()};
  }

  /** The counts come from stream tracers, which are of grpc-java's own transports. */
  @Override
  protected boolean metricsExpected() {
    return false;
  }

  /** Takes responses of the suite's size where a call has no limit of its own. */
  private static final class LargeResponses implements ClientInterceptor {
    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
      return next.newCall(
          method,
          options.getMaxInboundMessageSize() == null
              ? options.withMaxInboundMessageSize(MAX_MESSAGE_SIZE)
              : options);
    }
  }
}
