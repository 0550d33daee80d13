package io.anywire.http.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.Errors;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ThreadFactory;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How sockets are driven: by Linux's epoll where its native library loads, else by NIO. */
public enum Transport {
  /** Linux's epoll. */
  EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class, EpollDatagramChannel.class) {
    @Override
    IoHandlerFactory handlers() {
      return EpollIoHandler.newFactory();
    }

    @Override
    public void noticeDeadPeers(Bootstrap bootstrap) {
      bootstrap
          .option(ChannelOption.SO_KEEPALIVE, true)
          .option(EpollChannelOption.TCP_KEEPIDLE, PROBE_AFTER_SECONDS)
          .option(EpollChannelOption.TCP_KEEPINTVL, PROBE_INTERVAL_SECONDS)
          .option(EpollChannelOption.TCP_KEEPCNT, PROBES)
          .option(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MILLIS);
    }
  },

  /** The JDK's own. */
  NIO(NioServerSocketChannel.class, NioSocketChannel.class, NioDatagramChannel.class) {
    @Override
    IoHandlerFactory handlers() {
      return NioIoHandler.newFactory();
    }

    @Override
    public void noticeDeadPeers(Bootstrap bootstrap) {
      bootstrap
          .option(ChannelOption.SO_KEEPALIVE, true)
          .option(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), PROBE_AFTER_SECONDS)
          .option(
              NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), PROBE_INTERVAL_SECONDS)
          .option(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES);
    }
  };

  private static final int PROBE_AFTER_SECONDS = 20;
  private static final int PROBE_INTERVAL_SECONDS = 5;
  private static final int PROBES = 2;
  private static final int UNACKNOWLEDGED_MILLIS = 30_000;

  private static final Logger log = LoggerFactory.getLogger(Transport.class);

  private final Class<? extends ServerChannel> serverChannel;
  private final Class<? extends Channel> clientChannel;
  private final Class<? extends DatagramChannel> datagramChannel;

  Transport(
      Class<? extends ServerChannel> serverChannel,
      Class<? extends Channel> clientChannel,
      Class<? extends DatagramChannel> datagramChannel) {
    this.serverChannel = serverChannel;
    this.clientChannel = clientChannel;
    this.datagramChannel = datagramChannel;
  }

  /** The best one that works here. */
  public static Transport best() {
    return Epoll.isAvailable() && nativeErrorsWork() ? EPOLL : NIO;
  }

  /** A native library of another version loads, and fails at the first error of a socket. */
  private static boolean nativeErrorsWork() {
    try {
      return Errors.ERRNO_EAGAIN_NEGATIVE < 0;
    } catch (LinkageError e) {
      log.atWarn()
          .setCause(e)
          .log("Netty's native library does not fit netty's version; NIO is used instead");
      return false;
    }
  }

  abstract IoHandlerFactory handlers();

  /**
   * Lets the kernel find out, within about 30 s, that the other side's machine is gone or cannot be
   * reached: by TCP's own probes, which no server counts as misbehaviour, and, with epoll, by what
   * stays unacknowledged (gRPC A18).
   */
  public abstract void noticeDeadPeers(Bootstrap bootstrap);

  /** What a client connects with. */
  public Class<? extends Channel> clientChannel() {
    return clientChannel;
  }

  Class<? extends ServerChannel> serverChannel() {
    return serverChannel;
  }

  Class<? extends DatagramChannel> datagramChannel() {
    return datagramChannel;
  }

  /** Event loops on daemon threads, one a processor. */
  EventLoopGroup eventLoops() {
    return eventLoops(new DefaultThreadFactory("anywire-http", true));
  }

  /** Event loops on threads of this factory, one a processor. */
  public EventLoopGroup eventLoops(ThreadFactory threads) {
    return new MultiThreadIoEventLoopGroup(
        Runtime.getRuntime().availableProcessors(), threads, handlers());
  }
}
