package io.anywire.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An authority that belongs to a test, and the certificates that it issues for this machine: files
 * in PEM in a folder, made by openssl with keys on P-256. Thread-safe.
 */
public final class Certificates {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final String SETTINGS =
      """
      [req]
      distinguished_name = name
      prompt = no
      [name]
      [authority]
      basicConstraints = critical,CA:TRUE
      [issued]
      basicConstraints = critical,CA:FALSE
      subjectAltName = DNS:localhost,IP:127.0.0.1,IP:::1
      """;

  private final Path folder;
  private final Issued authority;

  /** A certificate and its private key. */
  public record Issued(Path certificate, Path key) {
    /** What a served or called URL says of them. */
    public String parameters() {
      return "certificate=" + certificate + "&key=" + key;
    }
  }

  private Certificates(Path folder) {
    this.folder = folder;
    this.authority = new Issued(folder.resolve("authority.pem"), folder.resolve("authority.key"));
  }

  /** Makes an authority, whose files go into {@code folder}. */
  public static Certificates in(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("openssl.cnf"), SETTINGS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Certificates made = new Certificates(folder);
    made.openssl("Authority of a test", "authority", made.authority, List.of());
    return made;
  }

  /** The authority's own certificate: what to trust. */
  public Path authority() {
    return authority.certificate();
  }

  /** Issues a certificate for localhost, 127.0.0.1 and ::1 to somebody called {@code name}. */
  public Issued issue(String name) {
    Issued issued = new Issued(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
    List<String> by =
        List.of("-CA", authority.certificate().toString(), "-CAkey", authority.key().toString());
    openssl(name, "issued", issued, by);
    return issued;
  }

  private void openssl(String name, String extensions, Issued into, List<String> more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Installed.find("openssl", "openssl").toString(),
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "30",
                "-config",
                folder.resolve("openssl.cnf").toString(),
                "-extensions",
                extensions,
                "-subj",
                "/CN=" + name,
                "-keyout",
                into.key().toString(),
                "-out",
                into.certificate().toString()));
    command.addAll(more);
    try (LocalProcess process = LocalProcess.start("openssl", new ProcessBuilder(command))) {
      int code = process.awaitExit(LONGEST);
      if (code != 0) {
        throw new IllegalStateException("openssl ended with " + code + ": " + process.output());
      }
    }
  }
}
