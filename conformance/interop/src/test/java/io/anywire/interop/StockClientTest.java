package io.anywire.interop;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.testing.integration.AbstractInteropTest;
import io.grpc.testing.integration.TestCases;
import io.grpc.testing.integration.TestServiceClient;
import io.grpc.testing.integration.TestServiceImpl;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * gRPC's interoperability suite: its own client calls its own service, unchanged, on our server,
 * and on grpc-java's for comparison.
 */
class StockClientTest {
  /** These ask for an account in somebody's cloud. */
  private static final Set<TestCases> OF_A_CLOUD =
      EnumSet.of(
          TestCases.COMPUTE_ENGINE_CREDS,
          TestCases.COMPUTE_ENGINE_CHANNEL_CREDENTIALS,
          TestCases.SERVICE_ACCOUNT_CREDS,
          TestCases.JWT_TOKEN_CREDS,
          TestCases.OAUTH2_AUTH_TOKEN,
          TestCases.PER_RPC_CREDS,
          TestCases.GOOGLE_DEFAULT_CREDENTIALS);

  /** These run for minutes. */
  private static final Set<TestCases> SOAKS =
      EnumSet.of(TestCases.RPC_SOAK, TestCases.CHANNEL_SOAK);

  /**
   * These fail on grpc-java's own server too: the service lacks the probe of compression, caches
   * nothing, and reports no load.
   */
  private static final Set<TestCases> NOT_OF_THE_SERVICE =
      EnumSet.of(
          TestCases.CACHEABLE_UNARY,
          TestCases.CLIENT_COMPRESSED_UNARY,
          TestCases.CLIENT_COMPRESSED_STREAMING,
          TestCases.ORCA_PER_RPC,
          TestCases.ORCA_OOB);

  private static final ScheduledExecutorService TIMER =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("test-service").factory());

  private static Anywire anywire;
  private static int ours;
  private static Server stock;

  @BeforeAll
  static void start() throws Exception {
    List<ServerInterceptor> interceptors = TestServiceImpl.interceptors();
    stock =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(ServerInterceptors.intercept(new TestServiceImpl(TIMER), interceptors))
            .maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE)
            .build()
            .start();
    anywire = Anywire.builder().build();
    AnywireServer.Builder builder =
        anywire
            .server()
            .service(new TestServiceImpl(TIMER))
            .listen("grpc://127.0.0.1:0?max-message=" + AbstractInteropTest.MAX_MESSAGE_SIZE);
    interceptors.forEach(builder::interceptor);
    ours = builder.start().urls().getFirst().host().port();
  }

  @AfterAll
  static void stop() throws Exception {
    anywire.close();
    stock.shutdownNow().awaitTermination();
    TIMER.shutdownNow();
  }

  static Stream<TestCases> cases() {
    return Arrays.stream(TestCases.values())
        .filter(
            c -> !OF_A_CLOUD.contains(c) && !SOAKS.contains(c) && !NOT_OF_THE_SERVICE.contains(c));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void the_client_is_content_with_both_servers(TestCases test) throws Exception {
    run(test, stock.getPort());
    run(test, ours);
  }

  private static void run(TestCases test, int port) throws Exception {
    TestServiceClient.main(
        new String[] {
          "--server_host=127.0.0.1",
          "--server_port=" + port,
          "--use_tls=false",
          "--test_case=" + test.toString().toLowerCase(Locale.ROOT)
        });
  }
}
