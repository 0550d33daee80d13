package io.anywire.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import java.io.ByteArrayOutputStream;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A request of {@link Http3Client} and its response. Thread-safe. */
public final class Http3Call extends Http3RequestStreamInboundHandler {
  private final CompletableFuture<Map<String, String>> head = new CompletableFuture<>();
  private final CompletableFuture<Map<String, String>> ended = new CompletableFuture<>();
  private final AtomicLong received = new AtomicLong();

  // Touched by the event loop until the response has ended, then by whoever waited for that.
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private Map<String, String> trailers = Map.of();

  private volatile @Nullable QuicStreamChannel stream;
  private volatile @Nullable ChannelFuture latest;

  Http3Call() {}

  void begin(
      QuicStreamChannel opened,
      String method,
      String authority,
      String path,
      Map<String, String> headers) {
    stream = opened;
    DefaultHttp3HeadersFrame frame = new DefaultHttp3HeadersFrame();
    frame.headers().method(method).scheme("https").authority(authority).path(path);
    headers.forEach(frame.headers()::add);
    latest = opened.writeAndFlush(frame);
  }

  // The request.

  /** Sends a piece of the body; waits for nothing. */
  public Http3Call write(byte[] piece) {
    ByteBuf direct = stream().alloc().directBuffer(piece.length).writeBytes(piece);
    latest = stream().writeAndFlush(new DefaultHttp3DataFrame(direct));
    return this;
  }

  /** Ends the request when all of its body is out; waits for nothing. */
  public Http3Call end() {
    ChannelFuture last = latest;
    if (last != null) {
      // Netty would end the stream before what still waits for the server's window.
      last.addListener(written -> stream().shutdownOutput());
    }
    return this;
  }

  /** Gives the request up, as browsers do. */
  public void cancel() {
    int code = Http3ErrorCode.H3_REQUEST_CANCELLED.code();
    Http3Client.awaited(stream().shutdown(code));
  }

  /** Stops to take data in, so that it piles up at the server; {@code true} takes it again. */
  public void reading(boolean on) {
    stream().eventLoop().execute(() -> stream().config().setAutoRead(on));
  }

  // The response.

  /** Its status. */
  public int status() throws Exception {
    return Integer.parseInt(awaitHead().getOrDefault(":status", ""));
  }

  /** The headers, with the pseudo-header; several values of one name have commas between them. */
  public Map<String, String> headers() throws Exception {
    return Map.copyOf(awaitHead());
  }

  /** A header; empty where it has none. */
  public String header(String name) throws Exception {
    return awaitHead().getOrDefault(name, "");
  }

  /** The bytes of the body that have come so far. */
  public long received() {
    return received.get();
  }

  /** The whole body. */
  public byte[] body() throws Exception {
    awaitEnd();
    return body.toByteArray();
  }

  /** The same as text in UTF-8. */
  public String text() throws Exception {
    return new String(body(), UTF_8);
  }

  /** The trailers, as {@link #headers}. */
  public Map<String, String> trailers() throws Exception {
    return Map.copyOf(awaitEnd());
  }

  /** A trailer; empty where it has none. */
  public String trailer(String name) throws Exception {
    return awaitEnd().getOrDefault(name, "");
  }

  /** Waits until the server breaks the response off; returns the code of HTTP/3 that it gives. */
  public long awaitReset() throws Exception {
    try {
      Map<String, String> got = awaitEnd();
      throw new AssertionError("a whole response (expected: a reset), with trailers " + got);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof QuicStreamResetException reset) {
        return reset.applicationProtocolCode();
      }
      throw e;
    }
  }

  private Map<String, String> awaitHead() throws Exception {
    return head.get(Http3Client.LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private Map<String, String> awaitEnd() throws Exception {
    return ended.get(Http3Client.LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  // What comes, on the event loop.

  @Override
  protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
    Map<String, String> read = map(frame.headers());
    if (head.isDone()) {
      trailers = read;
    } else if (!read.getOrDefault(":status", "").startsWith("1")) {
      head.complete(read);
    }
  }

  @Override
  protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
    byte[] piece = new byte[frame.content().readableBytes()];
    frame.content().readBytes(piece);
    frame.release();
    body.writeBytes(piece);
    received.addAndGet(piece.length);
  }

  @Override
  protected void channelInputClosed(ChannelHandlerContext ctx) {
    ended.complete(trailers);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    failed(new ClosedChannelException());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    failed(cause);
  }

  private void failed(Throwable cause) {
    head.completeExceptionally(cause);
    ended.completeExceptionally(cause);
  }

  private QuicStreamChannel stream() {
    QuicStreamChannel opened = stream;
    if (opened == null) {
      throw new IllegalStateException("not begun yet");
    }
    return opened;
  }

  private static Map<String, String> map(Http3Headers headers) {
    Map<String, String> read = new TreeMap<>();
    for (Map.Entry<CharSequence, CharSequence> header : headers) {
      String value = header.getValue().toString();
      read.merge(header.getKey().toString(), value, (one, other) -> one + "," + other);
    }
    return read;
  }
}
