package io.anywire.http.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads certificates and private keys from files in PEM (RFC 7468). What is wrong with a file is an
 * {@link IllegalArgumentException} that names the file and the reason, and never shows a key.
 */
public final class Pem {
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PKCS8 = "PRIVATE KEY";
  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  private record Block(String label, byte[] content) {}

  private Pem() {}

  /** All certificates of a file, at least one, in their order. */
  public static List<X509Certificate> certificates(Path file) {
    List<X509Certificate> found = new ArrayList<>();
    for (Block block : blocks(file)) {
      if (block.label().equals(CERTIFICATE)) {
        found.add(certificate(file, block));
      }
    }
    if (found.isEmpty()) {
      throw refused(file, "no certificate in it (expected: -----BEGIN CERTIFICATE-----)");
    }
    return List.copyOf(found);
  }

  /** The private key of a file: RSA, EC or EdDSA, in PKCS#8 (RFC 5958), not encrypted. */
  public static PrivateKey key(Path file) {
    List<Block> blocks = blocks(file);
    for (Block block : blocks) {
      if (block.label().equals(PKCS8)) {
        return key(file, block);
      }
    }
    String got =
        blocks.stream()
            .map(Block::label)
            .filter(label -> label.endsWith(PKCS8))
            .findFirst()
            .map(label -> "a key in another form, " + label)
            .orElse("no private key in it");
    throw refused(
        file,
        got
            + " (expected: -----BEGIN PRIVATE KEY-----, which"
            + " 'openssl pkcs8 -topk8 -nocrypt' writes)");
  }

  private static List<Block> blocks(Path file) {
    Matcher matcher = BLOCK.matcher(text(file));
    List<Block> found = new ArrayList<>();
    while (matcher.find()) {
      byte[] content = Base64.getMimeDecoder().decode(matcher.group(2));
      found.add(new Block(matcher.group(1), content));
    }
    return found;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw refused(file, "no such file");
    } catch (IOException e) {
      throw refused(file, "cannot be read: " + e.getMessage());
    }
  }

  private static X509Certificate certificate(Path file, Block block) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.content()));
    } catch (CertificateException e) {
      throw refused(file, "no X.509 certificate: " + e.getMessage());
    }
  }

  private static PrivateKey key(Path file, Block block) {
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm)
            .generatePrivate(new PKCS8EncodedKeySpec(block.content()));
      } catch (GeneralSecurityException e) {
        // One of the others, then.
      }
    }
    throw refused(file, "an unknown kind of key (expected: " + KEY_ALGORITHMS + ")");
  }

  static IllegalArgumentException refused(Path file, String why) {
    return new IllegalArgumentException(file + ": " + why);
  }
}
