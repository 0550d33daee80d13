package io.anywire.http.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Which authorities are believed. */
final class Trust {
  private Trust() {}

  /** Those that the JDK comes with, or that {@code javax.net.ssl.trustStore} names. */
  static TrustManagerFactory ofJdk() {
    return factory(null);
  }

  /** Those of a file in PEM, and no others. */
  static TrustManagerFactory of(Path file) {
    List<X509Certificate> authorities = Pem.certificates(file);
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      return factory(store);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this JDK cannot keep certificates in memory", e);
    }
  }

  private static TrustManagerFactory factory(@Nullable KeyStore store) {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no usable trust store", e);
    }
  }
}
