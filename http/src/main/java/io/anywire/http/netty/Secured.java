package io.anywire.http.netty;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection with TLS once the handshake is over; an attribute of its channel.
 *
 * @param alternative what {@code Alt-Svc} says on it (RFC 7838); empty where HTTP/3 is not served,
 *     or is what the connection is
 */
record Secured(SSLSession session, Optional<String> alternative) {
  private static final AttributeKey<Secured> KEY = AttributeKey.valueOf(Secured.class, "secured");
  private static final int A_DAY_SECONDS = 86400;

  /** Of a channel; null where it has no TLS. */
  static @Nullable Secured of(Channel channel) {
    return channel.attr(KEY).get();
  }

  /** Keeps it with a channel. */
  void keepWith(Channel channel) {
    channel.attr(KEY).set(this);
  }

  /** HTTP/3 at the same host and another port, or the same. */
  static String http3At(int port) {
    return "h3=\":" + port + "\"; ma=" + A_DAY_SECONDS;
  }
}
