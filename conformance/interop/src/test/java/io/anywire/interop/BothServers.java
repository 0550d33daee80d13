package io.anywire.interop;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.testing.Certificates.Issued;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.TlsServerCredentials;
import io.grpc.testing.integration.AbstractInteropTest;
import io.grpc.testing.integration.TestServiceImpl;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The suite's own service, unchanged, on our server and on grpc-java's for comparison. */
final class BothServers implements AutoCloseable {
  private static final List<ServerInterceptor> INTERCEPTORS = TestServiceImpl.interceptors();
  private static final int LARGEST = AbstractInteropTest.MAX_MESSAGE_SIZE;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("test-service").factory());
  private final Anywire anywire = Anywire.builder().build();
  private final Server stock;
  private final int ours;

  private BothServers(ServerCredentials credentials, String url) throws IOException {
    stock =
        Grpc.newServerBuilderForPort(0, credentials)
            .addService(ServerInterceptors.intercept(new TestServiceImpl(timer), INTERCEPTORS))
            .maxInboundMessageSize(LARGEST)
            .build()
            .start();
    AnywireServer.Builder builder =
        anywire.server().service(new TestServiceImpl(timer)).listen(url);
    INTERCEPTORS.forEach(builder::interceptor);
    ours = builder.start().urls().getFirst().host().port();
  }

  static BothServers plain() throws IOException {
    return new BothServers(
        InsecureServerCredentials.create(), "grpc://127.0.0.1:0?max-message=" + LARGEST);
  }

  static BothServers withTls(Issued identity) throws IOException {
    return new BothServers(
        TlsServerCredentials.create(identity.certificate().toFile(), identity.key().toFile()),
        "https://127.0.0.1:0?max-message=" + LARGEST + "&" + identity.parameters());
  }

  /** First grpc-java's, then ours, all on 127.0.0.1. */
  List<Integer> ports() {
    return List.of(stock.getPort(), ours);
  }

  @Override
  public void close() {
    anywire.close();
    stock.shutdownNow();
    timer.shutdownNow();
  }
}
