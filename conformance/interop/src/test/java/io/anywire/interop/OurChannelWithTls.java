package io.anywire.interop;

import io.anywire.testing.Certificates;
import io.anywire.testing.Certificates.Issued;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.rules.TemporaryFolder;

/** The same over TLS, with an authority that the channel is told to trust. */
public class OurChannelWithTls extends OurChannel {
  /** Holds the certificates. */
  @ClassRule public static final TemporaryFolder FOLDER = new TemporaryFolder();

  private static Certificates certificates;
  private static Issued server;

  /** Issues the server's certificate. */
  @BeforeClass
  public static void issue() {
    certificates = Certificates.in(FOLDER.getRoot().toPath());
    server = certificates.issue("server");
  }

  @Override
  protected ServerCredentials serverCredentials() {
    try {
      return TlsServerCredentials.create(server.certificate().toFile(), server.key().toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected String url(int port) {
    return "grpc+tls://127.0.0.1:" + port + "?trust=" + certificates.authority();
  }
}
