package io.anywire.http.tls;

import io.anywire.call.Threads;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's TLS. Its files are looked at once a second: when they have changed, new connections
 * get the new certificate and old ones go on. While the new files do not fit together, which is so
 * for a moment when they are replaced one after the other, the old certificate stays, and a warning
 * says why. Thread-safe.
 */
public final class ServerTls implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerTls.class);
  private static final long LOOK_MILLIS = 1000;

  private final ServerFiles files;
  private final ScheduledFuture<?> looking;

  /** Guards the reading of files, so that a slow one is not read twice at a time. */
  private final ReentrantLock reading = new ReentrantLock();

  private List<String> stamp;
  private volatile ServerFiles.Contexts current;

  private ServerTls(ServerFiles files) {
    this.files = files;
    this.stamp = files.stamp();
    this.current = files.load();
    this.looking =
        Threads.timerThread()
            .scheduleWithFixedDelay(
                () -> Threads.VIRTUAL.execute(this::reloadIfChanged),
                LOOK_MILLIS,
                LOOK_MILLIS,
                TimeUnit.MILLISECONDS);
  }

  /**
   * Reads the files and begins to look after them. Where QUIC's native library does not load, a
   * warning says so, and HTTP/3 is not served.
   *
   * @throws IllegalArgumentException when a file cannot be used; the message names file and reason
   */
  public static ServerTls open(ServerFiles files) {
    return new ServerTls(files.http3() && !isQuicAvailable() ? files.withoutHttp3() : files);
  }

  /** For a connection over TCP that begins now: h2 and http/1.1 by ALPN. */
  public SslContext tcp() {
    return current.tcp();
  }

  /** For one over QUIC; empty where HTTP/3 is not served, which does not change. */
  public Optional<QuicSslContext> quic() {
    return current.quic();
  }

  /** Looks at the files no more. */
  @Override
  public void close() {
    looking.cancel(false);
  }

  private void reloadIfChanged() {
    if (!reading.tryLock()) {
      return;
    }
    try {
      List<String> now = files.stamp();
      if (!now.equals(stamp)) {
        stamp = now;
        current = files.load();
        log.atInfo().addKeyValue("certificate", files.certificate()).log("A new certificate");
      }
    } catch (IllegalArgumentException e) {
      log.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("The new certificate cannot be used; the old one stays");
    } finally {
      reading.unlock();
    }
  }

  private static boolean isQuicAvailable() {
    if (!Quic.isAvailable()) {
      log.atWarn()
          .addKeyValue("reason", String.valueOf(Quic.unavailabilityCause()))
          .log("QUIC's native library does not load here, so HTTP/3 is not served");
    }
    return Quic.isAvailable();
  }
}
