package io.anywire.bench.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * With what a subject serves TLS; handed to it as system properties.
 *
 * @param certificate X.509, PEM
 * @param key PKCS#8, PEM, not encrypted
 */
public record PemFiles(Path certificate, Path key) {
  private static final String CERTIFICATE = "anywire.bench.certificate";
  private static final String KEY = "anywire.bench.key";

  /** What this JVM was given; empty where it is to serve without TLS. */
  public static Optional<PemFiles> given() {
    return Optional.ofNullable(System.getProperty(CERTIFICATE))
        .map(certificate -> new PemFiles(Path.of(certificate), Path.of(System.getProperty(KEY))));
  }

  /** The options that give these files to a JVM. */
  public List<String> jvmOptions() {
    return List.of("-D" + CERTIFICATE + "=" + certificate, "-D" + KEY + "=" + key);
  }
}
