package io.anywire.http.hostile;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A connection of QUIC on whose streams any bytes go, and what came back. Thread-safe. */
final class RawHttp3 implements AutoCloseable {
  private static final int WINDOW = 64 << 10;
  private static final EventLoopGroup ATTACKERS = loop("attackers-http3");

  /** So that they do not wait for what attackers do. */
  private static final EventLoopGroup OTHERS = loop("others-http3");

  private static final Map<String, QuicSslContext> TLS = new ConcurrentHashMap<>();

  private final QuicChannel connection;

  /** How the server ended the connection. */
  private final CompletableFuture<String> ended;

  private RawHttp3(QuicChannel connection, CompletableFuture<String> ended) {
    this.connection = connection;
    this.ended = ended;
  }

  /** A connection with a control stream and settings. */
  static RawHttp3 open(Door door) throws Exception {
    return connect(door, "h3", ATTACKERS).settle();
  }

  /** The same for somebody who means well. */
  static RawHttp3 openWell(Door door) throws Exception {
    return connect(door, "h3", OTHERS).settle();
  }

  /** One without. */
  static RawHttp3 connect(Door door, String protocol) throws Exception {
    return connect(door, protocol, ATTACKERS);
  }

  private static RawHttp3 connect(Door door, String protocol, EventLoopGroup loop)
      throws Exception {
    QuicSslContext tls = TLS.computeIfAbsent(protocol, RawHttp3::tls);
    CompletableFuture<String> ended = new CompletableFuture<>();
    Channel socket = socket(tls, loop);
    Future<QuicChannel> connected =
        QuicChannel.newBootstrap(socket)
            .handler(new Connection(ended))
            .streamHandler(new Ignored())
            .remoteAddress(new InetSocketAddress("127.0.0.1", door.port()))
            .connect();
    try {
      return new RawHttp3(awaited(connected), ended);
    } catch (IOException e) {
      socket.close();
      throw new IOException(ended.getNow(String.valueOf(e.getMessage())), e);
    }
  }

  private RawHttp3 settle() throws Exception {
    oneWay(Fields.join(Fields.integer(Fields.CONTROL_STREAM), Fields.frame(Fields.SETTINGS)));
    return this;
  }

  private static EventLoopGroup loop(String name) {
    return new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
  }

  private static QuicSslContext tls(String protocol) {
    return QuicSslContextBuilder.forClient()
        .trustManager(InsecureTrustManagerFactory.INSTANCE)
        .applicationProtocols(protocol)
        .build();
  }

  private static Channel socket(QuicSslContext tls, EventLoopGroup loop) throws IOException {
    ChannelHandler codec =
        new QuicClientCodecBuilder()
            .sslEngineProvider(channel -> tls.newEngine(channel.alloc(), "localhost", 443))
            .maxIdleTimeout(Door.LIMIT_MILLIS, TimeUnit.MILLISECONDS)
            .initialMaxData(WINDOW)
            .initialMaxStreamDataBidirectionalLocal(WINDOW)
            .initialMaxStreamDataUnidirectional(WINDOW)
            .initialMaxStreamsUnidirectional(8)
            .build();
    ChannelFuture bound =
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .handler(codec)
            .bind("127.0.0.1", 0);
    awaited(bound);
    return bound.channel();
  }

  /** A stream of the client's that the server cannot answer on. */
  Stream oneWay(byte[] bytes) throws Exception {
    return open(QuicStreamType.UNIDIRECTIONAL).send(bytes);
  }

  /** A stream of a request that goes on. */
  Stream begin(byte[]... bytes) throws Exception {
    return open(QuicStreamType.BIDIRECTIONAL).send(Fields.join(bytes));
  }

  /** A stream of a whole request. */
  Stream request(byte[]... bytes) throws Exception {
    return open(QuicStreamType.BIDIRECTIONAL).sendLast(Fields.join(bytes));
  }

  /** Begins a request when the server allows one more, and waits for nothing. */
  void tryToBegin(byte[] bytes, Consumer<Stream> then) {
    Stream stream = new Stream(ended);
    connection
        .createStream(QuicStreamType.BIDIRECTIONAL, stream)
        .addListener((Future<QuicStreamChannel> opened) -> {
          if (opened.isSuccess()) {
            stream.channel = opened.getNow();
            then.accept(stream.send(bytes));
          }
        });
  }

  private Stream open(QuicStreamType type) throws Exception {
    Stream stream = new Stream(ended);
    stream.channel = awaited(connection.createStream(type, stream));
    return stream;
  }

  /** How the server ended the connection. */
  String end() throws Exception {
    return ended.get(Door.LIMIT_MILLIS, TimeUnit.MILLISECONDS);
  }

  boolean isEnded() {
    return ended.isDone();
  }

  @Override
  public void close() {
    Channel socket = connection.parent();
    connection.close().addListener(closed -> socket.close());
  }

  private static <T> T awaited(Future<T> future) throws IOException {
    if (!future.awaitUninterruptibly(Door.LIMIT_MILLIS)) {
      throw new IOException("nothing came of it");
    }
    if (!future.isSuccess()) {
      throw new IOException(String.valueOf(future.cause()), future.cause());
    }
    return future.getNow();
  }

  private static String name(long code) {
    for (Http3ErrorCode known : Http3ErrorCode.values()) {
      if (known.code() == code) {
        return known.name();
      }
    }
    return "0x" + Long.toHexString(code);
  }

  /** A stream, and the first that became of it. */
  static final class Stream extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<String> outcome = new CompletableFuture<>();
    private final CompletableFuture<String> broken = new CompletableFuture<>();
    private final ByteBuf got = Unpooled.buffer();
    private volatile QuicStreamChannel channel;

    @SuppressWarnings("NullAway.Init") // The channel is set before anybody gets the stream.
    private Stream(CompletableFuture<String> ended) {
      var unused =
          ended.thenAccept(how -> {
            outcome.complete(how);
            broken.complete(how);
          });
    }

    /** Sends bytes; what became of that shows elsewhere. */
    Stream send(byte[] bytes) {
      channel.writeAndFlush(channel.alloc().directBuffer(bytes.length).writeBytes(bytes));
      return this;
    }

    /** The same, and the end, at once. */
    Stream sendLast(byte[] bytes) {
      ByteBuf direct = channel.alloc().directBuffer(bytes.length).writeBytes(bytes);
      channel.writeAndFlush(new DefaultQuicStreamFrame(direct, true));
      return this;
    }

    /** The same; says whether the server takes more. */
    boolean takes(byte[] bytes) {
      send(bytes);
      return !outcome.isDone();
    }

    /** Nothing more follows. */
    Stream end() {
      channel.shutdownOutput();
      return this;
    }

    /** Gives the request up. */
    Stream reset() {
      channel.shutdown((int) Http3ErrorCode.H3_REQUEST_CANCELLED.code());
      return this;
    }

    /** Whether to take what comes. */
    Stream reading(boolean on) {
      channel.config().setAutoRead(on);
      return this;
    }

    /** What the server did first: a status, a reset of the stream, an end of the connection. */
    String outcome() throws Exception {
      return outcome.get(Door.LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** How the server broke it off, whatever it answered before. */
    String brokenOff() throws Exception {
      return broken.get(Door.LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      if (got.readableBytes() < WINDOW) {
        got.writeBytes(bytes);
      }
      bytes.release();
      String status = Responses.status(ByteBufUtil.getBytes(got));
      if (!status.isEmpty()) {
        outcome.complete(status);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (cause instanceof QuicStreamResetException reset) {
        String how = "reset, " + name(reset.applicationProtocolCode());
        outcome.complete(how);
        broken.complete(how);
      }
    }
  }

  private static final class Connection extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<String> ended;

    Connection(CompletableFuture<String> ended) {
      this.ended = ended;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof QuicConnectionCloseEvent close) {
        ended.complete("closed, " + name(close.error()));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      ended.complete("closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // What is wrong shows in the outcome.
    }
  }

  private static final class Ignored extends ChannelInboundHandlerAdapter {
    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // The server's own streams end with the connection.
    }
  }
}
