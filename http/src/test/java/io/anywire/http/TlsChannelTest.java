package io.anywire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.http.probe.ProbeGrpc;
import io.anywire.http.probe.ProbeReply;
import io.anywire.http.probe.ProbeRequest;
import io.anywire.testing.Certificates;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.SecurityLevel;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our channels over TLS. */
@Timeout(120)
class TlsChannelTest {
  private static final ProbeRequest HI = ProbeRequest.newBuilder().setText("hi").build();

  @TempDir static Path folder;
  private static SecureProbe probe;

  @BeforeAll
  static void start() {
    probe = new SecureProbe(folder.resolve("certificates"), "127.0.0.1", "");
  }

  @AfterAll
  static void stop() {
    probe.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc+tls", "https", "http+tls"})
  void every_kind_of_stub_calls(String scheme) throws Exception {
    Channel channel = channel(probe, scheme, "127.0.0.1", probe.trust());

    assertThat(ProbeGrpc.newBlockingStub(channel).unary(HI).getText()).isEqualTo("hi");
    assertThat(ProbeGrpc.newBlockingV2Stub(channel).unary(HI).getText()).isEqualTo("hi");
    assertThat(ProbeGrpc.newFutureStub(channel).unary(HI).get().getText()).isEqualTo("hi");
    CompletableFuture<ProbeReply> later = new CompletableFuture<>();
    ProbeGrpc.newStub(channel).unary(HI, new First(later));
    assertThat(later.get(10, TimeUnit.SECONDS).getText()).isEqualTo("hi");
    List<Integer> numbers = new ArrayList<>();
    ProbeGrpc.newBlockingStub(channel)
        .serverStream(HI.toBuilder().setCount(100).build())
        .forEachRemaining(reply -> numbers.add(reply.getNumber()));
    assertThat(numbers).hasSize(100).startsWith(1).endsWith(100);
  }

  @Test
  void streams_go_both_ways_over_grpc() throws Exception {
    Channel channel = channel(probe, "grpc+tls", "localhost", probe.trust());
    BlockingClientCall<ProbeRequest, ProbeReply> call = ProbeGrpc.newBlockingV2Stub(channel).bidi();
    for (int i = 1; i <= 20; i++) {
      assertThat(call.write(HI)).isTrue();
      assertThat(call.read()).extracting(ProbeReply::getNumber).isEqualTo(i);
    }
    call.halfClose();
    assertThat(call.read()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc+tls", "https"})
  void a_call_says_that_its_connection_keeps_secrets(String scheme) throws Exception {
    Channel channel = channel(probe, scheme, "127.0.0.1", probe.trust());
    ProbeGrpc.newBlockingStub(channel).unary(HI);

    assertThat(probe.security).hasValue(SecurityLevel.PRIVACY_AND_INTEGRITY);
    SSLSession session = probe.attributes.get().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    assertThat(session).isNotNull();
    assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
    assertThatThrownBy(session::getPeerPrincipal).hasMessageContaining("peer not");
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc+tls", "https"})
  void a_server_that_nobody_vouches_for_is_not_called(String scheme) {
    Channel jdk = channel(probe, scheme, "127.0.0.1", "");
    Certificates stranger = Certificates.in(folder.resolve("stranger-" + scheme.length()));
    Channel other = channel(probe, scheme, "127.0.0.1", "?trust=" + stranger.authority());

    assertThatThrownBy(() -> ProbeGrpc.newBlockingStub(jdk).unary(HI))
        .hasMessageStartingWith("UNAVAILABLE");
    assertThatThrownBy(() -> ProbeGrpc.newBlockingStub(other).unary(HI))
        .hasMessageStartingWith("UNAVAILABLE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc+tls", "https"})
  void a_certificate_of_another_host_is_not_believed(String scheme) {
    try (SecureProbe elsewhere =
        new SecureProbe(folder.resolve("elsewhere-" + scheme.length()), "127.0.0.2", "")) {
      Channel channel = channel(elsewhere, scheme, "127.0.0.2", elsewhere.trust());
      assertThatThrownBy(() -> ProbeGrpc.newBlockingStub(channel).unary(HI))
          .hasMessageStartingWith("UNAVAILABLE")
          .hasStackTraceContaining("127.0.0.2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc+tls", "https"})
  void a_server_may_ask_for_the_clients_certificate(String scheme) throws Exception {
    Path own = folder.resolve("mutual-" + scheme.length());
    Certificates clients = Certificates.in(own.resolve("clients"));
    Certificates.Issued client = clients.issue("accounting");
    try (SecureProbe strict =
        new SecureProbe(own.resolve("server"), "127.0.0.1", "&client-ca=" + clients.authority())) {
      Channel known =
          channel(strict, scheme, "127.0.0.1", strict.trust() + "&" + client.parameters());
      assertThat(ProbeGrpc.newBlockingStub(known).unary(HI).getText()).isEqualTo("hi");
      SSLSession session = strict.attributes.get().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
      assertThat(session).isNotNull();
      assertThat(session.getPeerPrincipal().getName()).isEqualTo("CN=accounting");

      Channel nameless = channel(strict, scheme, "127.0.0.1", strict.trust());
      assertThatThrownBy(() -> ProbeGrpc.newBlockingStub(nameless).unary(HI))
          .hasMessageStartingWith("UNAVAILABLE");
      Certificates.Issued forged = strict.certificates.issue("forged");
      Channel unknown =
          channel(strict, scheme, "127.0.0.1", strict.trust() + "&" + forged.parameters());
      assertThatThrownBy(() -> ProbeGrpc.newBlockingStub(unknown).unary(HI))
          .hasMessageStartingWith("UNAVAILABLE");
    }
  }

  @Test
  void a_key_without_its_certificate_is_refused() {
    assertThatThrownBy(() -> channel(probe, "https", "127.0.0.1", "?key=/k"))
        .hasMessageContaining("key=/k (expected: certificate and key)");
  }

  private static Channel channel(SecureProbe to, String scheme, String host, String parameters) {
    return to.anywire.channel(scheme + "://" + host + ":" + to.port + parameters);
  }

  private record First(CompletableFuture<ProbeReply> reply) implements StreamObserver<ProbeReply> {
    @Override
    public void onNext(ProbeReply next) {
      reply.complete(next);
    }

    @Override
    public void onError(Throwable failure) {
      reply.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {}
  }
}
