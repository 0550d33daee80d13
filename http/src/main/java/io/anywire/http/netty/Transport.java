package io.anywire.http.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.Errors;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How sockets are served: by Linux's epoll where its native library loads, else by NIO. */
enum Transport {
  EPOLL(EpollServerSocketChannel.class) {
    @Override
    IoHandlerFactory handlers() {
      return EpollIoHandler.newFactory();
    }
  },
  NIO(NioServerSocketChannel.class) {
    @Override
    IoHandlerFactory handlers() {
      return NioIoHandler.newFactory();
    }
  };

  private static final Logger log = LoggerFactory.getLogger(Transport.class);

  private final Class<? extends ServerChannel> serverChannel;

  Transport(Class<? extends ServerChannel> serverChannel) {
    this.serverChannel = serverChannel;
  }

  /** The best one that works here. */
  static Transport best() {
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

  Class<? extends ServerChannel> serverChannel() {
    return serverChannel;
  }

  /** Event loops on daemon threads, one a processor. */
  EventLoopGroup eventLoops() {
    return new MultiThreadIoEventLoopGroup(
        Runtime.getRuntime().availableProcessors(),
        new DefaultThreadFactory("anywire-http", true),
        handlers());
  }
}
