package io.anywire.http.tls;

import io.anywire.wire.Parameters;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * The files that make a server's TLS. Immutable.
 *
 * @param certificate the server's own certificate first, then those up to its authority
 * @param key the key of the first certificate
 * @param clientAuthorities whose certificates clients must bring; empty where they need none
 * @param http3 whether HTTP/3 is served too
 */
public record ServerFiles(
    Path certificate, Path key, Optional<Path> clientAuthorities, boolean http3) {

  /** What the files were made into, at one moment. */
  record Contexts(SslContext tcp, Optional<QuicSslContext> quic) {}

  /**
   * What a served URL says: {@code certificate=PATH}, {@code key=PATH}, {@code client-ca=PATH},
   * {@code http3=off}. The files are not read yet.
   *
   * @throws IllegalArgumentException when one of the first two is missing
   */
  public static ServerFiles read(Parameters of) {
    return new ServerFiles(
        required(of, "certificate"),
        required(of, "key"),
        of.text("client-ca").map(Path::of),
        of.flag("http3", true));
  }

  private static Path required(Parameters of, String name) {
    return of.text(name)
        .map(Path::of)
        .orElseThrow(() -> of.refused(name, "", "a file in PEM, since TLS is served"));
  }

  /**
   * Reads them all.
   *
   * @throws IllegalArgumentException when one cannot be used; the message names file and reason
   */
  Contexts load() {
    Identity identity = Identity.read(certificate, key);
    Optional<TrustManagerFactory> clients = clientAuthorities.map(Trust::of);
    try {
      return new Contexts(
          tcp(identity, clients), http3 ? Optional.of(quic(identity, clients)) : Optional.empty());
    } catch (SSLException e) {
      throw Pem.refused(certificate, "cannot be served: " + e.getMessage());
    }
  }

  /** The same without HTTP/3. */
  ServerFiles withoutHttp3() {
    return new ServerFiles(certificate, key, clientAuthorities, false);
  }

  /** Differs when a file has been replaced or rewritten. */
  List<String> stamp() {
    return Stream.concat(Stream.of(certificate, key), clientAuthorities.stream())
        .map(ServerFiles::stamp)
        .toList();
  }

  private static SslContext tcp(Identity identity, Optional<TrustManagerFactory> clients)
      throws SSLException {
    SslContextBuilder builder =
        Protocols.configured(SslContextBuilder.forServer(identity.key(), identity.chainArray()))
            .applicationProtocolConfig(Protocols.alpn(List.of("h2", "http/1.1")));
    clients.ifPresent(trust -> builder.trustManager(trust).clientAuth(ClientAuth.REQUIRE));
    return builder.build();
  }

  private static QuicSslContext quic(Identity identity, Optional<TrustManagerFactory> clients) {
    QuicSslContextBuilder builder =
        QuicSslContextBuilder.forServer(identity.key(), null, identity.chainArray())
            .applicationProtocols("h3");
    clients.ifPresent(trust -> builder.trustManager(trust).clientAuth(ClientAuth.REQUIRE));
    return builder.build();
  }

  private static String stamp(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.lastModifiedTime() + " " + found.size() + " " + found.fileKey();
    } catch (IOException e) {
      return "not there";
    }
  }
}
