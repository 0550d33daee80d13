package io.anywire.http.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;

/**
 * Who one side of a connection is: its private key, and the certificates from its own to the one
 * that a trusted authority issued. Immutable; {@link #toString} does not show the key.
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {
  private static final char[] NO_PASSWORD = {};
  private static final byte[] ANY_TEXT = "anywire".getBytes(StandardCharsets.US_ASCII);

  public Identity {
    chain = List.copyOf(chain);
  }

  /**
   * Reads it from two files in PEM.
   *
   * @throws IllegalArgumentException when a file cannot be read, or the key is another
   *     certificate's; the message names file and reason
   */
  public static Identity read(Path certificate, Path key) {
    Identity read = new Identity(Pem.key(key), Pem.certificates(certificate));
    if (!read.fits()) {
      throw Pem.refused(key, "not the key of the first certificate in " + certificate);
    }
    return read;
  }

  /** The certificates, the own one first. */
  public X509Certificate[] chainArray() {
    return chain.toArray(X509Certificate[]::new);
  }

  /** For the TLS of the JDK, of Netty and of grpc-java alike. */
  public KeyManagerFactory keyManagers() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      store.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      return factory;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this JDK cannot keep a key in memory", e);
    }
  }

  @Override
  public String toString() {
    return chain.getFirst().getSubjectX500Principal().getName();
  }

  /** Whether what the key signs is what the certificate verifies. */
  private boolean fits() {
    try {
      Signature signature = Signature.getInstance(signatureAlgorithm(key.getAlgorithm()));
      signature.initSign(key);
      signature.update(ANY_TEXT);
      byte[] signed = signature.sign();
      signature.initVerify(chain.getFirst().getPublicKey());
      signature.update(ANY_TEXT);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String signatureAlgorithm(String keyAlgorithm) {
    return switch (keyAlgorithm) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> keyAlgorithm;
    };
  }
}
