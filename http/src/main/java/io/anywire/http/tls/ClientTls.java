package io.anywire.http.tls;

import io.anywire.wire.Parameters;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whom a caller trusts, and who it says it is. Read once, when the channel is opened. Whoever uses
 * it verifies the host's name as well. Immutable and thread-safe.
 *
 * @param trust which authorities are believed
 * @param identity the caller's own certificate, for servers that ask for one
 */
public record ClientTls(TrustManagerFactory trust, Optional<Identity> identity) {

  /**
   * What a URL says: {@code trust=PATH} for the authorities in that file, in PEM, instead of the
   * JDK's; {@code certificate=PATH} and {@code key=PATH} for the caller's own certificate.
   *
   * @throws IllegalArgumentException when a file is not as it should be, or one of the two is
   *     missing
   */
  public static ClientTls read(Parameters of) {
    TrustManagerFactory trust =
        of.text("trust").map(Path::of).map(Trust::of).orElseGet(Trust::ofJdk);
    Optional<String> certificate = of.text("certificate");
    Optional<String> key = of.text("key");
    if (certificate.isPresent() != key.isPresent()) {
      String given = certificate.isPresent() ? "certificate" : "key";
      throw of.refused(given, certificate.or(() -> key).orElseThrow(), "certificate and key");
    }
    return new ClientTls(
        trust, certificate.map(file -> Identity.read(Path.of(file), Path.of(key.orElseThrow()))));
  }

  /** The own certificate and key; empty where there is none. */
  public Optional<KeyManagerFactory> keys() {
    return identity.map(Identity::keyManagers);
  }

  /** For the JDK's own client. */
  public SSLContext jdkContext() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManager[] keys = keys().map(KeyManagerFactory::getKeyManagers).orElse(new KeyManager[0]);
      context.init(keys, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no usable TLS", e);
    }
  }

  /**
   * For a client on Netty, which verifies the name that {@link SslContext#newHandler(
   * io.netty.buffer.ByteBufAllocator, String, int)} is given.
   *
   * @param protocols what is offered by ALPN, the favourite first: {@code h2}, {@code http/1.1}
   */
  public SslContext nettyContext(List<String> protocols) {
    SslContextBuilder builder =
        Protocols.configured(SslContextBuilder.forClient())
            .trustManager(trust)
            .endpointIdentificationAlgorithm("HTTPS")
            .applicationProtocolConfig(Protocols.alpn(protocols));
    keys().ifPresent(builder::keyManager);
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }
}
