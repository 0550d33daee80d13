package io.anywire.http.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.anywire.http.CalledProbe;
import io.anywire.http.probe.ProbeGrpc;
import io.anywire.http.probe.ProbeReply;
import io.anywire.http.probe.ProbeRequest;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptor;
import io.grpc.stub.ClientCalls;
import org.junit.jupiter.api.Test;

/** grpc-java's server, called by our own channel. What it says of errors differs from ours. */
class ForeignServerTest extends GrpcCallsTest {
  @Override
  protected CalledProbe open(ServerInterceptor interceptor) {
    return CalledProbe.atGrpcJava(interceptor);
  }

  @Override
  @Test
  void an_unexpected_exception_keeps_its_secret() {
    ProbeRequest request = ProbeRequest.newBuilder().setCode(99).build();
    assertThatThrownBy(() -> ProbeGrpc.newBlockingStub(channel()).unary(request))
        .hasMessageStartingWith("UNKNOWN");
  }

  @Override
  @Test
  void a_message_above_the_limit_is_refused() {
    ByteString payload = ByteString.copyFrom(new byte[5 << 20]);
    ProbeRequest request = ProbeRequest.newBuilder().setPayload(payload).build();
    assertThatThrownBy(() -> ProbeGrpc.newBlockingStub(channel()).unary(request))
        .hasMessageMatching("(RESOURCE_EXHAUSTED|CANCELLED).*");
  }

  @Override
  @Test
  void an_unknown_method_is_unimplemented() {
    assertUnimplemented("probe.v1.Probe/Unknown");
  }

  @Override
  @Test
  void an_unknown_service_is_unimplemented() {
    assertUnimplemented("no.Such/Method");
  }

  /** grpc-java shows its handlers some of the protocol's own. */
  @Override
  protected void checkKeys(Metadata metadata) {
    assertThat(metadata.keys()).doesNotContain(":path");
  }

  private void assertUnimplemented(String name) {
    MethodDescriptor<ProbeRequest, ProbeReply> method =
        ProbeGrpc.getUnaryMethod().toBuilder().setFullMethodName(name).build();
    assertThatThrownBy(() ->
            ClientCalls.blockingUnaryCall(
                channel(), method, CallOptions.DEFAULT, ProbeRequest.getDefaultInstance()))
        .hasMessage("UNIMPLEMENTED: Method not found: " + name);
  }
}
