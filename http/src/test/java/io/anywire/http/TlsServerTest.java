package io.anywire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.http.tls.ClientTls;
import io.anywire.testing.Certificates;
import io.anywire.wire.Parameters;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS as clients see it that nobody here wrote: curl, openssl and the JDK. */
@Timeout(120)
class TlsServerTest {
  private static final String CALL = "/probe.v1.Probe/Unary";

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

  @Test
  void curl_calls_over_both_versions_and_learns_of_the_third() throws Exception {
    for (String version : List.of("--http1.1", "--http2")) {
      String said = curl(version, "https://127.0.0.1:" + probe.port + CALL);
      assertThat(said)
          .startsWith(version.equals("--http2") ? "HTTP/2 200" : "HTTP/1.1 200")
          .contains("\"text\":\"hi\"")
          .contains("alt-svc: h3=\":" + probe.port + "\"; ma=86400");
    }
  }

  @Test
  void http_in_the_clear_is_told_to_use_tls() throws Exception {
    assertThat(curl("--http1.1", "http://127.0.0.1:" + probe.port + CALL))
        .startsWith("HTTP/1.1 400 Bad Request")
        .contains("This port speaks TLS: use https://");
  }

  @Test
  void only_tls_1_2_and_1_3_are_spoken() throws Exception {
    assertThat(openssl("-tls1_3")).contains("New, TLSv1.3", "Verify return code: 0 (ok)");
    assertThat(openssl("-tls1_2")).contains("New, TLSv1.2", "Verify return code: 0 (ok)");
    assertThat(openssl("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"))
        .contains("alert protocol version");
  }

  @Test
  void alpn_settles_the_version_of_http() throws Exception {
    assertThat(openssl("-alpn", "http/1.1,h2")).contains("ALPN protocol: h2");
    assertThat(openssl("-alpn", "http/1.1")).contains("ALPN protocol: http/1.1");
    assertThat(openssl("-alpn", "other")).contains("No ALPN negotiated");
  }

  @Test
  void a_client_that_does_not_finish_its_handshake_is_let_go() throws Exception {
    try (SecureProbe strict =
            new SecureProbe(folder.resolve("strict"), "127.0.0.1", "&header-time=300ms");
        Socket silent = new Socket("127.0.0.1", strict.port);
        Socket half = new Socket("127.0.0.1", strict.port)) {
      silent.setSoTimeout(10_000);
      half.setSoTimeout(10_000);
      // The head of a record that announces a ClientHello of 512 bytes, and then nothing.
      half.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      assertThat(half.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void a_new_certificate_is_taken_up_and_old_connections_go_on() throws Exception {
    try (SecureProbe own = new SecureProbe(folder.resolve("reload"), "127.0.0.1", "");
        SSLSocket old = socket(own)) {
      String before = serial(old.getSession());
      Certificates.Issued next = own.certificates.issue("next");

      // One after the other, as they are replaced in life: in between they do not fit.
      replace(next.certificate(), own.identity.certificate());
      assertThat(call(old)).startsWith("HTTP/1.1 200");
      assertThat(serial(own)).isEqualTo(before);
      replace(next.key(), own.identity.key());

      await().until(() -> !serial(own).equals(before));
      assertThat(call(old)).startsWith("HTTP/1.1 200");
      assertThat(serial(old.getSession())).isEqualTo(before);
    }
  }

  @Test
  void what_is_wrong_with_the_files_is_said_at_the_start() throws Exception {
    Certificates.Issued one = probe.certificates.issue("one");
    Certificates.Issued other = probe.certificates.issue("other");
    Path old = folder.resolve("old.key");
    SecureProbe.run("openssl", "ec", "-in", one.key().toString(), "-out", old.toString());
    Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
    String certificate = "certificate=" + one.certificate();

    assertRefused("", "certificate= (expected: a file in PEM, since TLS is served)");
    assertRefused(certificate, "key= (expected: a file in PEM, since TLS is served)");
    assertRefused(certificate + "&key=/no/such.key", "/no/such.key: no such file");
    assertRefused(
        certificate + "&key=" + other.key(),
        other.key() + ": not the key of the first certificate in " + one.certificate());
    assertRefused(
        certificate + "&key=" + old, old + ": a key in another form, EC PRIVATE KEY (expected: ");
    assertRefused("certificate=" + empty + "&key=" + one.key(), empty + ": no certificate in it");
    assertRefused(one.parameters() + "&client-ca=" + empty, empty + ": no certificate in it");
    assertRefused(one.parameters() + "&http3=maybe", "http3=maybe (expected: on or off)");
  }

  @Test
  void without_tls_its_parameters_are_unknown() {
    try (Anywire anywire = Anywire.builder().build()) {
      assertThatThrownBy(() -> anywire.server().listen("http://127.0.0.1:0?key=x").start())
          .hasMessageContaining("unknown parameter 'key'");
    }
  }

  private static void assertRefused(String parameters, String message) {
    String url = "grpc+tls://127.0.0.1:0" + (parameters.isEmpty() ? "" : "?" + parameters);
    try (Anywire anywire = Anywire.builder().build()) {
      assertThatThrownBy(() -> anywire.server().listen(url).start())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(message);
    }
  }

  private static String curl(String version, String url) throws IOException {
    return SecureProbe.run(
        "curl",
        "-sSi",
        "--max-time",
        "30",
        version,
        "--cacert",
        probe.certificates.authority().toString(),
        "-H",
        "content-type: application/json",
        "-d",
        "{\"text\":\"hi\"}",
        url);
  }

  private static String openssl(String... more) throws IOException {
    List<String> command =
        List.of(
            "openssl s_client -connect 127.0.0.1:" + probe.port,
            "-CAfile " + probe.certificates.authority(),
            String.join(" ", more),
            "< /dev/null");
    return SecureProbe.run("sh", "-c", String.join(" ", command));
  }

  private static SSLSocket socket(SecureProbe to) throws IOException {
    SSLSocket socket = (SSLSocket) context(to).getSocketFactory().createSocket();
    socket.connect(new InetSocketAddress("127.0.0.1", to.port));
    socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
    socket.startHandshake();
    return socket;
  }

  private static SSLContext context(SecureProbe to) {
    return ClientTls.read(Parameters.of(WireUrl.parse("https://127.0.0.1:1" + to.trust())))
        .jdkContext();
  }

  /** One call on a connection that stays. */
  private static String call(Socket socket) throws IOException {
    String request =
        "POST "
            + CALL
            + " HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
            + "content-length: 2\r\n\r\n{}";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    StringBuilder got = new StringBuilder();
    while (got.indexOf("\r\n\r\n{") < 0 || got.charAt(got.length() - 1) != '}') {
      int next = in.read();
      assertThat(next).as("the end after '%s'", got).isNotNegative();
      got.append((char) next);
    }
    return got.toString();
  }

  private static String serial(SecureProbe of) throws IOException {
    try (SSLSocket socket = socket(of)) {
      return serial(socket.getSession());
    }
  }

  private static String serial(SSLSession session) throws IOException {
    return ((X509Certificate) session.getPeerCertificates()[0]).getSerialNumber().toString();
  }

  private static void replace(Path by, Path target) throws IOException {
    Files.move(by, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
