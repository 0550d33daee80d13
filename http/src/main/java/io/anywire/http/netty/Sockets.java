package io.anywire.http.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * What a server listens on: a port of TCP, and, where HTTP/3 is served, the port of UDP with the
 * same number. Thread-safe.
 */
record Sockets(Channel tcp, Optional<Channel> udp, Optional<Http3Listener> http3) {
  /** How often a free port of TCP is tried whose number may be taken on UDP. */
  private static final int TRIES = 10;

  private static final String ALREADY_IN_USE = "address already in use";

  /**
   * Binds both, or neither.
   *
   * @param scheme what messages call it
   * @throws UncheckedIOException when one cannot be bound; the message says why in one line
   */
  static Sockets bind(
      String scheme,
      InetSocketAddress address,
      ServerBootstrap tcp,
      Optional<Http3Listener> http3,
      Transport transport,
      EventLoopGroup loops) {
    int tries = address.getPort() == 0 ? TRIES : 1;
    while (true) {
      tries--;
      ChannelFuture bound = tcp.bind(address).awaitUninterruptibly();
      if (bound.cause() != null) {
        throw cannotListen(scheme, address, bound.cause(), "");
      }
      if (http3.isEmpty()) {
        return new Sockets(bound.channel(), Optional.empty(), http3);
      }
      InetSocketAddress here = (InetSocketAddress) bound.channel().localAddress();
      ChannelFuture udp = http3.get().bind(here, transport, loops).awaitUninterruptibly();
      if (udp.isSuccess()) {
        return new Sockets(bound.channel(), Optional.of(udp.channel()), http3);
      }
      bound.channel().close().awaitUninterruptibly();
      if (tries == 0) {
        throw cannotListen(
            scheme, address, udp.cause(), " for UDP, which HTTP/3 needs (http3=off does without)");
      }
    }
  }

  /** Where, with the port that was really bound. */
  InetSocketAddress address() {
    return (InetSocketAddress) tcp.localAddress();
  }

  /** Takes no connection any more; those over UDP go on until {@link #close}. */
  void stop() {
    http3.ifPresent(Http3Listener::stop);
    tcp.close().awaitUninterruptibly();
  }

  /** Gives UDP's port back, when its connections have been told. */
  void close() {
    udp.ifPresent(socket -> socket.close().awaitUninterruptibly());
  }

  private static UncheckedIOException cannotListen(
      String scheme, InetSocketAddress address, Throwable failure, String more) {
    String message = String.valueOf(failure.getMessage());
    boolean inUse = message.toLowerCase(Locale.ROOT).contains("in use");
    String where = address.getHostString() + ":" + address.getPort();
    String why = address.isUnresolved() ? "unknown host" : inUse ? ALREADY_IN_USE : message;
    IOException cause = failure instanceof IOException io ? io : new IOException(failure);
    return new UncheckedIOException(
        "cannot listen on " + scheme + "://" + where + ": " + why + more, cause);
  }
}
