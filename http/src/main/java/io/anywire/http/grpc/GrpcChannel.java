package io.anywire.http.grpc;

import io.anywire.call.WireChannel;
import io.anywire.http.client.ClientSettings;
import io.anywire.http.client.Http2Client;
import io.anywire.wire.Explanation;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;

/**
 * A gRPC channel to one address, over HTTP/2 with prior knowledge or TLS. Nothing is retried but
 * what the server certainly did not look at, once. Thread-safe.
 */
public final class GrpcChannel extends WireChannel {
  private final String authority;
  private final boolean tls;
  private final int maxMessage;
  private final RequestHeaders headers;
  private final Http2Client client;

  /** Opens a channel; nothing is connected yet. */
  public GrpcChannel(String host, int port, String userAgent, ClientSettings settings) {
    this.authority = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    this.tls = settings.tls().isPresent();
    this.maxMessage = settings.messageBytes();
    this.headers = new RequestHeaders(tls ? "https" : "http", authority, userAgent);
    this.client = new Http2Client(host, port, settings);
  }

  @Override
  protected <ReqT, RespT> ClientCall<ReqT, RespT> call(
      MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    return new GrpcClientCall<>(this, method, options);
  }

  @Override
  protected void release() {
    client.close();
  }

  @Override
  public String authority() {
    return authority;
  }

  @Override
  public ConnectivityState getState(boolean requestConnection) {
    return isShutdown() ? ConnectivityState.SHUTDOWN : client.state(requestConnection);
  }

  @Override
  public void notifyWhenStateChanged(ConnectivityState source, Runnable callback) {
    client.whenNot(source, callback);
  }

  @Override
  public void resetConnectBackoff() {
    client.resetBackoff();
  }

  @Override
  public void enterIdle() {
    client.becomeIdle();
  }

  Http2Client client() {
    return client;
  }

  RequestHeaders headers() {
    return headers;
  }

  int maxMessage() {
    return maxMessage;
  }

  SecurityLevel securityLevel() {
    return tls ? SecurityLevel.PRIVACY_AND_INTEGRITY : SecurityLevel.NONE;
  }

  void explain(MethodDescriptor<?, ?> method, CallOptions options) {
    if (options.getOption(Explanation.LISTENER) != null) {
      Explanation.say(
          options, "wire", tls ? "gRPC over HTTP/2 and TLS" : "gRPC over HTTP/2, without TLS");
      Explanation.say(options, "target", authority);
      Explanation.say(options, "route", "POST /" + method.getFullMethodName());
      Explanation.say(options, "codec", "protobuf");
    }
  }
}
