package io.anywire.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.anywire.bench.server.PemFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key on the curve P-256 and its own certificate for 127.0.0.1, good for a day. */
final class SelfSigned {
  private static final String ALIAS = "bench";
  private static final String PASSWORD = "not-a-secret";

  private SelfSigned() {}

  /** Makes both, as files that go when this JVM ends. */
  static PemFiles create() throws InterruptedException {
    try {
      Path folder = Files.createTempDirectory("anywire-bench-");
      folder.toFile().deleteOnExit();
      Path store = folder.resolve("bench.p12");
      store.toFile().deleteOnExit();
      Load.output(keytool(store));
      return pemFiles(folder, KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()));
    } catch (IOException | GeneralSecurityException e) {
      throw new BenchException("cannot make a certificate: " + e);
    }
  }

  /** Trusts {@code certificate} and nothing else. */
  static SSLContext trusting(Path certificate) {
    try (InputStream in = Files.newInputStream(certificate)) {
      var x509 = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(ALIAS, x509);
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new BenchException("cannot trust " + certificate + ": " + e);
    }
  }

  private static List<String> keytool(Path store) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        ALIAS,
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "san=ip:127.0.0.1",
        "-validity",
        "1",
        "-storetype",
        "PKCS12",
        "-storepass",
        PASSWORD,
        "-keystore",
        store.toString());
  }

  private static PemFiles pemFiles(Path folder, KeyStore keys)
      throws IOException, GeneralSecurityException {
    byte[] certificate = keys.getCertificate(ALIAS).getEncoded();
    byte[] key = keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
    return new PemFiles(
        pem(folder.resolve("certificate.pem"), "CERTIFICATE", certificate),
        pem(folder.resolve("key.pem"), "PRIVATE KEY", key));
  }

  private static Path pem(Path file, String type, byte[] der) throws IOException {
    file.toFile().deleteOnExit();
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    String pem = "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
    return Files.writeString(file, pem, US_ASCII);
  }
}
