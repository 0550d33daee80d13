package io.anywire.http.netty;

import io.anywire.http.exchange.Problem;
import io.anywire.http.netty.Http1Writer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of HTTP/1.1: one exchange at a time, answered in the order of the requests. What a
 * client sends ahead waits, within bounds: then the connection stops reading until there is room,
 * which takes that the client reads its responses, too.
 *
 * <p>After a response that did not wait for the whole request, the rest of it is read and dropped
 * for a moment ({@link LingeringClose}).
 */
final class Http1ServerConnection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Http1ServerConnection.class);
  private static final int WAITING_AHEAD = 64;

  private final Engine engine;
  private final Channel channel;
  private final Outbox outbox;
  private final Http1Rules rules;
  private final Http1Intake intake;
  private final ClientWatch watch;
  private final Progress body;
  private long received;
  private final Queue<HttpObject> ahead = new ArrayDeque<>();
  private int requestsAhead;
  private boolean tooManyAhead;
  private @Nullable Http1Exchange current;
  private long unconsumed;
  private boolean stopping;
  private boolean closing;
  private boolean advancing;

  Http1ServerConnection(Engine engine, Channel channel) {
    this.engine = engine;
    this.channel = channel;
    this.outbox = new Outbox(channel.eventLoop(), channel::flush);
    this.rules = new Http1Rules(engine.limits().floods());
    this.intake = new Http1Intake(this, engine.limits());
    this.watch = new ClientWatch(channel.eventLoop(), engine.limits(), this::look);
    this.body = new Progress(engine.limits().bodyTime(), 0);
  }

  /** What stands before the decoder. */
  Http1Intake intake() {
    return intake;
  }

  Channel channel() {
    return channel;
  }

  boolean isStopping() {
    return stopping;
  }

  /** Whether no request is being served and none waits. */
  boolean isIdle() {
    return current == null && ahead.isEmpty();
  }

  // Reading.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    outbox.reading();
    intake.decoded((HttpObject) message);
    if (closing || tooManyAhead) {
      ReferenceCountUtil.release(message);
    } else if (!ahead.isEmpty() || !isReadyForNext()) {
      queue((HttpObject) message);
    } else {
      take((HttpObject) message);
    }
  }

  private void queue(HttpObject message) {
    if (message instanceof HttpRequest && ++requestsAhead > engine.limits().floods().pipelined()) {
      tooManyAhead = true;
      ReferenceCountUtil.release(message);
    } else {
      ahead.add(message);
    }
    adjustReading();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    outbox.readComplete();
    channel.flush();
  }

  private void take(HttpObject message) {
    try {
      DecoderResult decoded = message.decoderResult();
      if (decoded.isFailure()) {
        refuse(decoded.cause());
        return;
      }
      if (message instanceof HttpRequest request) {
        begin(request);
      }
      if (message instanceof HttpContent content) {
        proceed(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(HttpRequest request) {
    Optional<Problem> refusal = rules.refusal(request);
    Optional<RequestHead> head = refusal.isPresent() ? Optional.empty() : RequestHead.of(request);
    if (head.isEmpty()) {
      refuse(refusal.orElse(Refusals.MALFORMED));
      return;
    }
    Http1Exchange exchange =
        new Http1Exchange(this, outbox, engine.inFlight(), head.get(), rules.isKeptAfter(request));
    current = exchange;
    if (HttpUtil.isContentLengthSet(request) || HttpUtil.isTransferEncodingChunked(request)) {
      body.restart(received);
      watch.start();
    }
    engine.handle(exchange);
  }

  private void proceed(HttpContent content) {
    Http1Exchange exchange = current;
    if (exchange == null) {
      return;
    }
    if (content.content().isReadable()) {
      unconsumed += content.content().readableBytes();
      received += content.content().readableBytes();
      adjustReading();
      ByteBuf piece = content.content().retain();
      Engine.guarded(exchange, e -> e.dataRead(piece));
    }
    if (content instanceof LastHttpContent) {
      Engine.guarded(exchange, ServedExchange::requestEnded);
    }
  }

  /** So many bytes of the body have been dealt with. */
  void consumed(int bytes) {
    unconsumed -= bytes;
    adjustReading();
  }

  private void adjustReading() {
    boolean room =
        unconsumed < engine.limits().streamWindow()
            && ahead.size() < WAITING_AHEAD
            && (ahead.isEmpty() || channel.isWritable());
    if (channel.config().isAutoRead() != room) {
      channel.config().setAutoRead(room);
    }
  }

  // Writing.

  void write(ByteBuf bytes, ChannelPromise written) {
    channel.write(bytes, written);
  }

  void writeContinue() {
    write(Http1Writer.current().proceed(channel.alloc()), channel.newPromise());
  }

  /** The response has been written as a whole: the next request's turn, or the end. */
  void responseEnded(Http1Exchange exchange) {
    exchange.finish();
    if (!exchange.keepsAlive()) {
      closeGently(exchange.isRequestComplete() && ahead.isEmpty());
      return;
    }
    current = null;
    unconsumed = 0;
    advance();
  }

  private void advance() {
    if (advancing) {
      return;
    }
    advancing = true;
    try {
      while (!ahead.isEmpty() && !closing && isReadyForNext()) {
        HttpObject next = ahead.remove();
        requestsAhead -= next instanceof HttpRequest ? 1 : 0;
        take(next);
      }
    } finally {
      advancing = false;
    }
    if (tooManyAhead && isIdle() && !closing) {
      closeGently(false);
    } else if (stopping && isIdle()) {
      closeGently(true);
    }
    adjustReading();
  }

  /**
   * Whether the next piece of a request can be taken. A new one has to wait until the client has
   * taken most of the responses before.
   */
  private boolean isReadyForNext() {
    Http1Exchange exchange = current;
    return exchange == null ? channel.isWritable() : !exchange.isRequestComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (channel.isWritable()) {
      advance();
    }
  }

  // Endings.

  /** Another protocol takes over, or the connection is gone. */
  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    closing = true;
    watch.stop();
  }

  private void refuse(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      // Within a body it is the line of a chunk.
      refuse(current == null ? Refusals.TARGET_TOO_LONG : Refusals.MALFORMED);
    } else if (cause instanceof TooLongHttpHeaderException
        || cause instanceof TooLongFrameException) {
      refuse(Refusals.HEADERS_TOO_LARGE);
    } else {
      refuse(Refusals.MALFORMED);
    }
  }

  private void refuse(Problem refusal) {
    Http1Exchange exchange = current;
    if (exchange != null && exchange.isHeadWritten()) {
      abort();
      return;
    }
    if (exchange != null) {
      Engine.guarded(exchange, ServedExchange::clientGone);
    }
    Http2Headers headers =
        new DefaultHttp2Headers(false).set(HttpHeaderNames.CONTENT_TYPE, Problem.CONTENT_TYPE);
    ByteBuf body = Unpooled.wrappedBuffer(refusal.body());
    write(
        Http1Writer.current()
            .whole(channel.alloc(), refusal.status(), headers, Connection.CLOSE, body),
        channel.newPromise());
    closeGently(false);
  }

  /** Closes when what was written is out; a client that may still be sending is heard out. */
  private void closeGently(boolean requestComplete) {
    closing = true;
    while (!ahead.isEmpty()) {
      ReferenceCountUtil.release(ahead.remove());
    }
    if (!requestComplete) {
      LingeringClose.ask(channel);
    }
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Bytes come and come, and no request. */
  void refuseWaste() {
    if (!closing) {
      refuse(Refusals.MALFORMED);
    }
  }

  // What the client owes.

  /** It owes the rest of a header or of a body. */
  void watch() {
    watch.start();
  }

  private boolean look() {
    Http1Exchange exchange = current;
    boolean owesBody = exchange != null && !exchange.isRequestComplete();
    if (closing || !channel.isActive() || !owesBody && !intake.isWithinHeader()) {
      return false;
    }
    if (exchange == null && intake.isHeaderLate()) {
      refuse(Refusals.REQUEST_TIMEOUT);
    } else if (owesBody && !channel.config().isAutoRead()) {
      body.restart(received);
    } else if (owesBody && body.isLate(received)) {
      refuse(Refusals.REQUEST_TIMEOUT);
    }
    return true;
  }

  /** Breaks the connection off. */
  void abort() {
    channel.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closing = true;
    watch.stop();
    Http1Exchange exchange = current;
    current = null;
    if (exchange != null) {
      Engine.guarded(exchange, ServedExchange::clientGone);
    }
    while (!ahead.isEmpty()) {
      ReferenceCountUtil.release(ahead.remove());
    }
    outbox.readComplete();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Engine.Stop.INSTANCE) {
      stopping = true;
      if (isIdle()) {
        closeGently(true);
      }
    } else if (event == IdleWatch.Idle.INSTANCE) {
      idle();
    }
  }

  /** Nothing has moved for long: lets the client go, unless it waits for us. */
  private void idle() {
    Http1Exchange exchange = current;
    if (isIdle()) {
      channel.close();
    } else if (exchange != null && !closing && isAwaitingClient(exchange)) {
      refuse(Refusals.REQUEST_TIMEOUT);
    }
  }

  /** Whether the request is not complete although we read. */
  private boolean isAwaitingClient(Http1Exchange exchange) {
    return !exchange.isRequestComplete() && channel.config().isAutoRead();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.atDebug()
        .addKeyValue("client", channel.remoteAddress())
        .setCause(cause)
        .log("An HTTP/1.1 connection is broken off");
    channel.close();
  }
}
