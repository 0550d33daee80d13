package io.anywire.http.client;

import io.anywire.call.Threads;
import io.anywire.http.netty.Transport;
import io.grpc.Status;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect: the host is resolved anew, and its addresses are tried in order until one
 * of them speaks HTTP/2. For the event loop only.
 */
final class ConnectAttempt {
  private static final Transport TRANSPORT = Transport.best();

  private final Http2Client client;
  private final InetSocketAddress target;
  private final long began = System.nanoTime();
  private List<InetAddress> left = List.of();
  private @Nullable Http2ClientConnection current;
  private @Nullable Channel channel;
  private @Nullable Future<?> limit;
  private boolean over;

  /**
   * @param target host and port; what it was resolved to does not matter
   */
  ConnectAttempt(Http2Client client, InetSocketAddress target) {
    this.client = client;
    this.target = target;
  }

  /** Begins; ends in {@link Http2Client#connected} or {@link Http2Client#notConnected}. */
  void start() {
    String host = target.getHostString();
    if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
      resolve(host);
    } else {
      // Asks the network, and blocks meanwhile.
      Threads.VIRTUAL.execute(() -> resolve(host));
    }
  }

  /** How long ago it began, in nanoseconds. */
  long age() {
    return System.nanoTime() - began;
  }

  /** Whether {@code connection} is the one that this attempt made; then it is over. */
  boolean succeeded(Http2ClientConnection connection) {
    if (over || connection != current) {
      return false;
    }
    end();
    return true;
  }

  /** Nobody wants it any more. */
  void cancel() {
    end();
    Channel made = channel;
    if (made != null) {
      made.close();
    }
  }

  private void resolve(String host) {
    try {
      List<InetAddress> found = List.of(InetAddress.getAllByName(host));
      resolved(() -> {
        left = found;
        next(null);
      });
    } catch (UnknownHostException e) {
      resolved(() -> next(e));
    }
  }

  private void resolved(Runnable step) {
    try {
      client.loop().execute(step);
    } catch (RejectedExecutionException e) {
      // The client was closed meanwhile.
      over = true;
    }
  }

  private void next(@Nullable Throwable failure) {
    if (over) {
      return;
    }
    if (left.isEmpty()) {
      end();
      client.notConnected(ConnectFailure.unreachable(client.target(), failure), age());
      return;
    }
    InetAddress address = left.getFirst();
    left = left.subList(1, left.size());
    try {
      connect(new InetSocketAddress(address, target.getPort()));
    } catch (RuntimeException e) {
      next(e);
    }
  }

  private void connect(InetSocketAddress address) {
    Http2ClientConnection connection = new Http2ClientBuilder(client).build();
    current = connection;
    long limitMillis = client.settings().connectTime().toMillis();
    Bootstrap bootstrap =
        new Bootstrap()
            .group(client.loop())
            .channel(TRANSPORT.clientChannel())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limitMillis)
            .handler(new ConnectionSetup(client.settings().tls(), target, connection));
    TRANSPORT.noticeDeadPeers(bootstrap);
    ChannelFuture connecting = bootstrap.connect(address);
    channel = connecting.channel();
    limit = client.loop().schedule(() -> tooLate(connection), limitMillis, TimeUnit.MILLISECONDS);
    connecting.addListener(
        (ChannelFutureListener)
            done -> {
              if (done.isSuccess()) {
                // Before the server's SETTINGS, an end is a failure to connect.
                done.channel()
                    .closeFuture()
                    .addListener(closed -> failed(connection, connection.cause()));
              } else {
                failed(connection, done.cause());
              }
            });
  }

  private void tooLate(Http2ClientConnection connection) {
    Channel made = channel;
    if (!over && connection == current && made != null) {
      Channel silent = made;
      failed(connection, new ConnectTimeoutException("no SETTINGS in time"));
      silent.close();
    }
  }

  private void failed(Http2ClientConnection connection, @Nullable Throwable cause) {
    if (!over && connection == current) {
      stopTimer();
      current = null;
      next(cause);
    }
  }

  private void end() {
    over = true;
    stopTimer();
  }

  private void stopTimer() {
    Future<?> timer = limit;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  /** The status for those who wait when the client is closed. */
  static Status closed() {
    return Status.UNAVAILABLE.withDescription("the channel has been shut down");
  }
}
