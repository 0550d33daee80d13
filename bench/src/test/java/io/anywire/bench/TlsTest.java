package io.anywire.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.bench.server.NettyGrpc;
import io.anywire.bench.server.NettyRest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Subjects with TLS, asked by clients that check the certificate. */
class TlsTest {
  @Test
  void serves_rest() throws Exception {
    try (SubjectProcess server = start(NettyRest.class)) {
      assertThat(server.target().url("/")).startsWith("https://127.0.0.1:");
      assertThatCode(() -> new RestLoad().verify(server.target())).doesNotThrowAnyException();
    }
  }

  @Test
  void serves_grpc_to_those_who_trust_its_certificate() throws Exception {
    try (SubjectProcess server = start(NettyGrpc.class)) {
      assertThatCode(() -> new GrpcLoad().verify(server.target())).doesNotThrowAnyException();

      var distrusting = new Target(server.target().port(), Optional.of(SelfSigned.create()));
      assertThatThrownBy(() -> new GrpcLoad().verify(distrusting))
          .isInstanceOf(BenchException.class)
          .hasMessageContaining("UNAVAILABLE");
    }
  }

  private static SubjectProcess start(Class<?> server) throws InterruptedException {
    return new SubjectProcess(
        Subject.of("raw-netty", server), Optional.of(SelfSigned.create()), List.of());
  }
}
