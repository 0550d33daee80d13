package io.anywire.http.grpc;

import io.anywire.http.CalledProbe;
import io.grpc.ServerInterceptor;

/** Our server, called by our own channel. */
class OwnChannelTest extends GrpcCallsTest {
  @Override
  protected CalledProbe open(ServerInterceptor interceptor) {
    return CalledProbe.byUs(interceptor);
  }
}
