package io.anywire.interop;

import io.anywire.testing.Certificates.Issued;
import io.grpc.testing.TlsTesting;
import io.grpc.testing.integration.TestCases;
import io.grpc.testing.integration.TestServiceClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
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

  /** A name in the certificate that the client's own authority issued. */
  private static final String NAME = "foo.test.google.fr";

  @TempDir static Path folder;
  private static BothServers plain;
  private static BothServers secure;

  @BeforeAll
  static void start() throws IOException {
    plain = BothServers.plain();
    secure = BothServers.withTls(new Issued(file("server1.pem"), file("server1.key")));
  }

  @AfterAll
  static void stop() {
    plain.close();
    secure.close();
  }

  static Stream<TestCases> cases() {
    return Arrays.stream(TestCases.values())
        .filter(
            c -> !OF_A_CLOUD.contains(c) && !SOAKS.contains(c) && !NOT_OF_THE_SERVICE.contains(c));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void the_client_is_content_with_both_servers(TestCases test) throws Exception {
    run(test, plain, List.of("--use_tls=false"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void the_client_is_content_with_both_servers_over_tls(TestCases test) throws Exception {
    run(
        test,
        secure,
        List.of("--use_tls=true", "--use_test_ca=true", "--server_host_override=" + NAME));
  }

  private static void run(TestCases test, BothServers servers, List<String> security)
      throws Exception {
    for (int port : servers.ports()) {
      List<String> arguments = new ArrayList<>(security);
      arguments.add("--server_host=127.0.0.1");
      arguments.add("--server_port=" + port);
      arguments.add("--test_case=" + test.toString().toLowerCase(Locale.ROOT));
      TestServiceClient.main(arguments.toArray(String[]::new));
    }
  }

  /** One of the files that the suite brings along. */
  private static Path file(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = TlsTesting.loadCert(name)) {
      Files.copy(in, file);
    }
    return file;
  }
}
