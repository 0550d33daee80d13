package io.anywire.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpServerUpgradeHandler.UpgradeEvent;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.ShutdownHint;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of HTTP/2: Netty's codec, whose frames go straight to the exchanges.
 *
 * <p>It stops in two steps (RFC 9113, section 6.8): a GOAWAY that names no last stream, and, once a
 * PING proves that the client has seen it, one that does; then it closes with its last stream.
 *
 * <p>A connection that is idle closes when it has no stream. With streams it asks by a PING whether
 * the client is still there, and is broken off when it is idle again without an answer.
 */
final class Http2ServerConnection extends Http2ConnectionHandler {
  private static final Logger log = LoggerFactory.getLogger(Http2ServerConnection.class);

  /** What our PING carries while stopping. */
  private static final long STOPPING = 0x616e7977697265L;

  /** What our PING carries to an idle client. */
  private static final long STILL_THERE = 0x616c6976653fL;

  /** What our PING carries to a client that has been silent. */
  private static final long KEEP_ALIVE = 0x7065657065657065L;

  /** What our PING carries behind an answer that came before the end of its request. */
  private static final long ANSWERED = 0x6561726c79L;

  private static final long PING_LIMIT_MILLIS = 1000;
  private static final int UPGRADED_STREAM = 1;

  /** The most that our encoder keeps to refer to; a client may allow as much as it likes. */
  private static final int MAX_HEADER_TABLE = 4096;

  private final Engine engine;
  private final Http2Intake intake;
  private final Http2Connection.PropertyKey exchangeKey;
  private final AnsweredEarly answeredEarly = new AnsweredEarly(() -> ping(ANSWERED));
  private @Nullable ChannelHandlerContext context;
  private @Nullable Outbox outbox;
  private volatile long maxResponseHeaders = Long.MAX_VALUE;
  private @Nullable StreamWatch watch;
  private boolean windowOpened;
  private boolean stopping;
  private boolean reading;
  private boolean awaitingAnswer;
  private boolean brokenOff;
  private @Nullable KeepAlive keepAlive;
  private final PingLimit pings;

  Http2ServerConnection(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Engine engine,
      Http2Intake intake) {
    super(decoder, encoder, settings);
    this.engine = engine;
    this.intake = intake;
    this.exchangeKey = connection().newKey();
    this.pings = new PingLimit(engine.limits().leastPingInterval());
    connection().addListener(new StreamEnds());
  }

  // What the frames say.

  /** A request begins, or, when there is an exchange already, its trailers end it. */
  void headers(ChannelHandlerContext ctx, int streamId, Http2Headers headers, boolean end)
      throws Http2Exception {
    Http2Stream stream = connection().stream(streamId);
    if (stream == null) {
      return;
    }
    ServedExchange known = exchange(stream);
    if (known == null) {
      begin(ctx, stream, headers, end);
    } else if (end) {
      Engine.guarded(known, ServedExchange::requestEnded);
    }
  }

  void data(int streamId, ByteBuf data, boolean end) {
    Http2Exchange exchange = exchange(connection().stream(streamId));
    if (exchange == null) {
      return;
    }
    exchange.received(data.readableBytes());
    Engine.guarded(exchange, e -> e.dataRead(data.retain()));
    if (end) {
      Engine.guarded(exchange, ServedExchange::requestEnded);
    }
  }

  /** What the client says of itself, which has been applied; what it allows us is bounded. */
  void settings(Http2Settings settings) throws Http2Exception {
    watch().settled();
    Http2HeadersEncoder.Configuration headers = encoder().configuration().headersConfiguration();
    headers.maxHeaderTableSize(Math.min(headers.maxHeaderTableSize(), MAX_HEADER_TABLE));
    Long limit = settings.maxHeaderListSize();
    if (limit != null) {
      maxResponseHeaders = limit;
    }
  }

  /** The largest set of headers that the client takes; from any thread. */
  long maxResponseHeaders() {
    return maxResponseHeaders;
  }

  /** A PING came, and is acknowledged already. */
  void pinged() throws Http2Exception {
    if (!pings.isExceeded(System.nanoTime())) {
      return;
    }
    if (!isSending()) {
      throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too_many_pings");
    }
    pings.answered();
  }

  /** Whether data wait for the client to take them: they are sent bit by bit while it does. */
  private boolean isSending() throws Http2Exception {
    return connection()
            .forEachActiveStream(stream -> !encoder().flowController().hasFlowControlled(stream))
        != null;
  }

  /** Headers or data go to the client. */
  void answering() {
    pings.answered();
  }

  void pingAcknowledged(long content) {
    if (content == STOPPING) {
      goAwayForGood();
    } else if (content == STILL_THERE) {
      awaitingAnswer = false;
    } else if (content == ANSWERED) {
      answeredEarly.acknowledged();
      wroteSomething();
    }
  }

  /** An exchange was answered while its client still sends. */
  void answeredEarly(Http2Exchange exchange) {
    answeredEarly.add(exchange);
  }

  private void begin(
      ChannelHandlerContext ctx, Http2Stream stream, Http2Headers headers, boolean end)
      throws Http2Exception {
    if (outbox().unread() >= engine.limits().floods().unread()) {
      throw Http2Exception.streamError(
          stream.id(), Http2Error.REFUSED_STREAM, "too many responses are unread");
    }
    Optional<RequestHead> head = RequestHead.of(headers);
    if (head.isEmpty()) {
      throw Http2Exception.streamError(
          stream.id(), Http2Error.PROTOCOL_ERROR, "the head of the request is malformed");
    }
    Http2Exchange exchange =
        new Http2Exchange(this, ctx, stream, outbox(), engine.inFlight(), head.get());
    stream.setProperty(exchangeKey, exchange);
    watch().start();
    engine.handle(exchange);
    if (end) {
      Engine.guarded(exchange, ServedExchange::requestEnded);
    }
  }

  /** The request that asked for the upgrade, and has no body, is stream 1 (RFC 7540, 3.2). */
  private void beginUpgraded(ChannelHandlerContext ctx, FullHttpRequest request) {
    Http2Stream stream = connection().stream(UPGRADED_STREAM);
    Optional<RequestHead> head = RequestHead.of(request);
    if (stream == null || head.isEmpty()) {
      resetStream(ctx, UPGRADED_STREAM, Http2Error.PROTOCOL_ERROR.code(), ctx.newPromise());
      return;
    }
    Http2Exchange exchange =
        new Http2Exchange(this, ctx, stream, outbox(), engine.inFlight(), head.get().upgraded());
    stream.setProperty(exchangeKey, exchange);
    watch().start();
    engine.handle(exchange);
    Engine.guarded(exchange, ServedExchange::requestEnded);
  }

  private @Nullable Http2Exchange exchange(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(exchangeKey);
  }

  /** Those that have not ended. */
  List<Http2Exchange> exchanges() {
    List<Http2Exchange> open = new ArrayList<>();
    try {
      connection()
          .forEachActiveStream(stream -> {
            Http2Exchange exchange = exchange(stream);
            if (exchange != null) {
              open.add(exchange);
            }
            return true;
          });
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
    return open;
  }

  // Reading and writing.

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    outbox = new Outbox(ctx.channel().eventLoop(), () -> flush(ctx));
    engine.limits().keepAlive().ifPresent(silence -> keepAlive = keepAlive(ctx, silence));
    watch = new StreamWatch(this, ctx, intake, engine.limits());
    ctx.pipeline().addBefore(ctx.name(), null, new SmallWrites());
    super.handlerAdded(ctx);
    openWindow(ctx);
  }

  private KeepAlive keepAlive(ChannelHandlerContext ctx, Duration silence) {
    // To give up is past this handler, which would wait for the streams.
    return new KeepAlive(
        ctx.channel(),
        silence,
        engine.limits().keepAliveTime(),
        () -> ping(KEEP_ALIVE),
        ctx::close);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    super.channelActive(ctx);
    openWindow(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    reading = true;
    KeepAlive hearing = keepAlive;
    if (hearing != null) {
      hearing.heard();
    }
    outbox().reading();
    if (message instanceof ByteBuf bytes) {
      intake.reading(bytes.readableBytes());
    }
    super.channelRead(ctx, message);
    intake.left(actualReadableBytes());
    if (intake.isIncomplete()) {
      watch().start();
    }
    try {
      intake.check();
    } catch (Http2Exception flood) {
      onError(ctx, false, flood);
    }
  }

  /** Of a connection that is broken off the rest is dropped: every frame would fail anew. */
  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (brokenOff) {
      in.skipBytes(in.readableBytes());
    } else {
      super.decode(ctx, in, out);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    watch().stop();
    super.channelInactive(ctx);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    reading = false;
    outbox().readComplete();
    super.channelReadComplete(ctx);
  }

  /** Flushes, unless the end of the current read will do so. */
  void wroteSomething() {
    ChannelHandlerContext ctx = context;
    if (!reading && ctx != null) {
      flush(ctx);
    }
  }

  private void ping(long content) {
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      encoder().writePing(ctx, false, content, ctx.newPromise());
      wroteSomething();
    }
  }

  private void openWindow(ChannelHandlerContext ctx) throws Http2Exception {
    if (!windowOpened && ctx.channel().isActive()) {
      windowOpened = true;
      Http2Stream all = connection().connectionStream();
      int now = decoder().flowController().windowSize(all);
      decoder().flowController().incrementWindowSize(all, engine.limits().connectionWindow() - now);
      flush(ctx);
    }
  }

  private Outbox outbox() {
    Outbox current = outbox;
    if (current == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return current;
  }

  private StreamWatch watch() {
    StreamWatch current = watch;
    if (current == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return current;
  }

  // Endings.

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof UpgradeEvent upgrade) {
      try {
        beginUpgraded(ctx, upgrade.upgradeRequest());
      } finally {
        upgrade.release();
      }
    } else if (event == Engine.Stop.INSTANCE) {
      stop(ctx);
    } else if (event == IdleWatch.Idle.INSTANCE) {
      idle(ctx);
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  private void idle(ChannelHandlerContext ctx) {
    if (connection().numActiveStreams() == 0) {
      closeWithLastStream(ctx);
    } else if (awaitingAnswer) {
      // Past this handler, which would wait for the streams.
      ctx.close();
    } else {
      awaitingAnswer = true;
      ping(STILL_THERE);
    }
  }

  private void stop(ChannelHandlerContext ctx) {
    if (stopping || connection().goAwaySent()) {
      return;
    }
    stopping = true;
    goAway(
        ctx,
        Integer.MAX_VALUE,
        Http2Error.NO_ERROR.code(),
        Unpooled.EMPTY_BUFFER,
        ctx.newPromise());
    ping(STOPPING);
    ctx.executor().schedule(this::goAwayForGood, PING_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void goAwayForGood() {
    ChannelHandlerContext ctx = context;
    if (stopping && ctx != null && ctx.channel().isActive()) {
      stopping = false;
      closeWithLastStream(ctx);
    }
  }

  /** Says GOAWAY and closes with the last stream. */
  private static void closeWithLastStream(ChannelHandlerContext ctx) {
    ctx.channel().close();
  }

  /** The stream is reset behind it. */
  @Override
  protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext ctx, Http2Stream stream) {
    encoder().writeHeaders(ctx, stream.id(), Refusals.headersTooLarge(), 0, true, ctx.newPromise());
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception http2Exception) {
    if (brokenOff) {
      return;
    }
    brokenOff =
        http2Exception == null || http2Exception.shutdownHint() != ShutdownHint.GRACEFUL_SHUTDOWN;
    log.atDebug()
        .addKeyValue("client", ctx.channel().remoteAddress())
        .setCause(cause)
        .log("An HTTP/2 connection is broken off");
    LingeringClose.ask(ctx.channel());
    super.onConnectionError(ctx, outbound, cause, http2Exception);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
      super.exceptionCaught(ctx, cause);
    } else {
      onConnectionError(ctx, false, cause, null);
    }
  }

  private final class StreamEnds extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      ServedExchange exchange = stream.removeProperty(exchangeKey);
      if (exchange != null) {
        Engine.guarded(exchange, ServedExchange::clientGone);
      }
    }
  }
}
