package io.anywire.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Chromium, which speaks HTTP/3 as its makers have it. */
@Timeout(300)
class BrowserTest {
  @TempDir static Path folder;

  @Test
  void a_page_calls_by_connect_and_takes_events_over_http3() throws Exception {
    Path script = Files.createDirectories(Path.of("target", "browser").toAbsolutePath());
    copy("package.json", script);
    copy("page.js", script);
    String at = script.toString();
    SecureProbe.run("npm", "--prefix", at, "install", "--no-audit", "--no-fund", "--silent");

    try (SecureProbe probe = new SecureProbe(folder.resolve("server"), "127.0.0.1", "")) {
      String said =
          SecureProbe.run(
              "node",
              script.resolve("page.js").toString(),
              "https://127.0.0.1:" + probe.port,
              keyHash(probe.identity.certificate()),
              folder.resolve("profile").toString());
      assertThat(said.lines())
          .containsExactly("200 from a browser by h3", "events 1 2 3 and an end");
    }
  }

  /** SHA-256 of the public key, in base64. */
  private static String keyHash(Path certificate) throws Exception {
    try (InputStream in = Files.newInputStream(certificate)) {
      byte[] key =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(in)
              .getPublicKey()
              .getEncoded();
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    }
  }

  private static void copy(String name, Path to) throws IOException {
    try (InputStream in = BrowserTest.class.getResourceAsStream("/browser/" + name)) {
      Files.copy(
          Objects.requireNonNull(in, name + " is not on the class path"),
          to.resolve(name),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
