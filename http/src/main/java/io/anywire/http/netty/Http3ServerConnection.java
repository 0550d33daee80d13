package io.anywire.http.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.DefaultHttp3UnknownFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of HTTP/3: what its streams have in common, and what its client owes: the handshake,
 * the rest of each request, and the taking of the responses.
 *
 * <p>It stops by a GOAWAY that names the first request it will not take (RFC 9114, section 5.2);
 * later ones are rejected, which tells the client that they were not processed. It closes a moment
 * after its last stream, so that what is on its way arrives.
 */
final class Http3ServerConnection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Http3ServerConnection.class);

  /**
   * Netty's codec keeps something of every stream that was broken off until its connection ends.
   */
  private static final int BROKEN_STREAMS = 10_000;

  /** How often waiting clients are asked whether they still want an answer. */
  private static final long ASK_MILLIS = 2000;

  /** A type of frame that is reserved for saying nothing (RFC 9114, section 7.2.8). */
  private static final long NOTHING = 0x40;

  /** What a frame that says nothing takes: its type in two bytes, its length in one. */
  static final int NOTHING_BYTES = 3;

  private static final long LINGER_MILLIS = 500;
  private static final int STREAM_ID_STEP = 4;

  private final Engine engine;
  private final QuicChannel channel;
  private final Outbox outbox;
  private final Allowance allowance;
  private final Recurrence resets;
  private final Recurrence errors;
  private final ClientWatch watch;
  private final Set<Http3ServerStream> streams = new LinkedHashSet<>();
  private @Nullable Future<?> handshake;
  private @Nullable Secured secured;
  private long nextStreamId;
  private int broken;
  private boolean stopping;
  private boolean failed;

  Http3ServerConnection(Engine engine, QuicChannel channel) {
    this.engine = engine;
    this.channel = channel;
    // QUIC sends what its streams were given without being told to.
    this.outbox = new Outbox(channel.eventLoop(), () -> {});
    HttpLimits limits = engine.limits();
    FloodLimits floods = limits.floods();
    Duration span = Duration.ofSeconds(FloodLimits.SPAN_SECONDS);
    this.allowance = new Allowance(floods.controlFrames());
    this.resets = new Recurrence(floods.resets(), span);
    this.errors = new Recurrence(floods.streamErrors(), span);
    this.watch = new ClientWatch(channel.eventLoop(), limits, this::look);
  }

  Engine engine() {
    return engine;
  }

  Outbox outbox() {
    return outbox;
  }

  QuicChannel channel() {
    return channel;
  }

  /** The TLS of the connection, whose handshake is over when there are streams. */
  Secured secured() {
    Secured known = secured;
    if (known == null) {
      SSLEngine tls = Objects.requireNonNull(channel.sslEngine(), "a stream before the handshake");
      known = new Secured(tls.getSession(), Optional.empty());
      secured = known;
    }
    return known;
  }

  /** What the client may spend on what carries no request. */
  Allowance allowance() {
    return allowance;
  }

  /** A stream is there, on which a request is to come. */
  void opened(Http3ServerStream stream) {
    streams.add(stream);
    watch.start();
  }

  /** A request has come; false when it comes too late, or too many responses are unread. */
  boolean begun(Http3ServerStream stream) {
    if (stopping || outbox.unread() >= engine.limits().floods().unread()) {
      return false;
    }
    nextStreamId = Math.max(nextStreamId, stream.id() + STREAM_ID_STEP);
    return true;
  }

  /** A stream is over. */
  void ended(Http3ServerStream stream, Ending ending) {
    streams.remove(stream);
    if (ending == Ending.RESET && resets.isTooMuch()
        || ending == Ending.MALFORMED && errors.isTooMuch()) {
      fail(Http3ErrorCode.H3_EXCESSIVE_LOAD, "too many requests that come to nothing");
    } else if (ending != Ending.WHOLE && ++broken >= BROKEN_STREAMS) {
      stop();
    }
    closeWhenDone();
  }

  /** How a stream of a request ended. */
  enum Ending {
    /** The whole request has come. */
    WHOLE,

    /** The client gave it up, or never finished it. */
    RESET,

    /** It was broken off for what the client sent. */
    MALFORMED
  }

  /** Ends the connection, and tells the client why. */
  void fail(Http3ErrorCode code, String reason) {
    if (!failed) {
      failed = true;
      log.atDebug()
          .addKeyValue("client", channel.remoteSocketAddress())
          .addKeyValue("code", code)
          .addKeyValue("reason", reason)
          .log("A connection of HTTP/3 is ended");
      channel.close(true, code.code(), Unpooled.copiedBuffer(reason, US_ASCII));
    }
  }

  boolean isFailed() {
    return failed;
  }

  private boolean look() {
    for (Http3ServerStream stream : List.copyOf(streams)) {
      if (stream.isLate()) {
        stream.tooLate();
      }
    }
    return !streams.isEmpty();
  }

  static Object nothing() {
    return new DefaultHttp3UnknownFrame(NOTHING, Unpooled.EMPTY_BUFFER);
  }

  /** Whether the connection has room for data just now; tried out on its control stream. */
  boolean takesData() {
    QuicStreamChannel control = Http3.getLocalControlStream(channel);
    return control != null && control.isWritable() && control.writeAndFlush(nothing()).isSuccess();
  }

  /** The handshake has to be done in the time that a header may take. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    handshake =
        ctx.executor()
            .schedule(
                (Runnable) channel::close,
                ClientWatch.nanos(engine.limits().headerTime()),
                TimeUnit.NANOSECONDS);
    channel
        .closeFuture()
        .addListener(closed -> {
          established();
          watch.stop();
        });
  }

  private void established() {
    if (handshake != null) {
      handshake.cancel(false);
    }
  }

  /** A stream of the client's: of a request, or one that only the client sends on. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof QuicStreamChannel stream
        && stream.type() == QuicStreamType.UNIDIRECTIONAL) {
      stream.pipeline().addLast(new Http3Intake(this, true));
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    established();
    var asking =
        ctx.executor()
            .scheduleWithFixedDelay(this::ask, ASK_MILLIS, ASK_MILLIS, TimeUnit.MILLISECONDS);
    ctx.channel().closeFuture().addListener(closed -> asking.cancel(false));
    ctx.fireChannelActive();
  }

  private void ask() {
    List.copyOf(streams).forEach(Http3ServerStream::ask);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Engine.Stop.INSTANCE) {
      stop();
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  private void stop() {
    if (stopping) {
      return;
    }
    stopping = true;
    QuicStreamChannel control = Http3.getLocalControlStream(channel);
    if (control != null) {
      control.writeAndFlush(new DefaultHttp3GoAwayFrame(nextStreamId));
    }
    closeWhenDone();
  }

  private void closeWhenDone() {
    if (stopping && streams.isEmpty()) {
      var unused =
          channel
              .eventLoop()
              .schedule(
                  () ->
                      channel.close(true, Http3ErrorCode.H3_NO_ERROR.code(), Unpooled.EMPTY_BUFFER),
                  LINGER_MILLIS,
                  TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.atDebug()
        .addKeyValue("client", channel.remoteSocketAddress())
        .setCause(cause)
        .log("An HTTP/3 connection is in trouble");
  }
}
