package io.anywire.http.hostile;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Where the attacked server is met, with TLS or without. */
record Door(int port, boolean secure) {
  /** What a client waits for at most: much longer than any limit of the attacked server. */
  static final int LIMIT_MILLIS = 10_000;

  private static final SSLContext TRUSTING = trusting();

  /** A port without TLS. */
  static Door open(int port) {
    return new Door(port, false);
  }

  /** Connects; behind TLS, when there is some, this protocol has been agreed upon. */
  Socket connect(String protocol) throws IOException {
    Socket plain = plain();
    return secure ? secured(plain, protocol) : plain;
  }

  /** Connects, and leaves the TLS to the caller. */
  Socket plain() throws IOException {
    Socket plain = new Socket("127.0.0.1", port);
    plain.setTcpNoDelay(true);
    plain.setSoTimeout(LIMIT_MILLIS);
    return plain;
  }

  /** TLS of any certificate over a connection, with the handshake done. */
  static SSLSocket secured(Socket plain, String protocol, String... versions) throws IOException {
    SSLSocket secured = tls(plain, versions);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private static SSLSocket tls(Socket plain, String... versions) throws IOException {
    SSLSocket secured =
        (SSLSocket) TRUSTING.getSocketFactory().createSocket(plain, "localhost", 443, true);
    if (versions.length > 0) {
      secured.setEnabledProtocols(versions);
    }
    return secured;
  }

  private static SSLContext trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }
}
