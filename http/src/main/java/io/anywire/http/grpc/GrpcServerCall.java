package io.anywire.http.grpc;

import io.anywire.call.InboundCall;
import io.anywire.http.exchange.CallTransport;
import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.RequestBody;
import io.anywire.wire.ServedMethod;
import io.grpc.Attributes;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.Decompressor;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC call, or one of a relative that frames its messages alike. The answer to a call with one
 * response waits for its status and goes to the event loop as a whole; the head of a stream goes at
 * once.
 */
public final class GrpcServerCall<ReqT, RespT> extends InboundCall<ReqT, RespT>
    implements RequestBody, Deframer.Receiver {
  /** So much may be sent in one callback to a call that is not ready. */
  private static final long AHEAD = 4 << 20;

  private final Exchange exchange;
  private final CallOwner owner;
  private final Dialect dialect;
  private final Payload<ReqT, RespT> payload;
  private final Decompressor decompressor;
  private final Deframer deframer;
  private final int maxMessage;
  private final boolean unary;

  /** Guards what follows: a deadline may end the call while the handler writes. */
  private final ReentrantLock writing = new ReentrantLock();

  private final Condition room = writing.newCondition();

  private Compressor compressor = Codec.Identity.NONE;
  private boolean compressesMessages = true;
  private boolean headSent;

  /** Bytes sent since the call was last ready. */
  private long ahead;

  private @Nullable Http2Headers waitingHead;
  private @Nullable ByteBuf waitingMessage;

  /**
   * @param payload how its messages become bytes
   * @param decompressor for the requests that say that they are compressed
   * @param maxMessage the largest request taken, in bytes
   */
  public GrpcServerCall(
      ServedMethod<ReqT, RespT> method,
      Exchange exchange,
      Dialect dialect,
      Payload<ReqT, RespT> payload,
      Decompressor decompressor,
      int maxMessage,
      CallOwner owner) {
    super(method, exchange.eventLoop(), exchange.virtualThreads());
    this.exchange = exchange;
    this.dialect = dialect;
    this.payload = payload;
    this.decompressor = decompressor;
    this.maxMessage = maxMessage;
    this.owner = owner;
    this.unary = method.descriptor().getType().serverSendsOneMessage();
    this.deframer = new Deframer("request", maxMessage, exchange::consumed, this);
    if (method.descriptor().getType().clientSendsOneMessage()) {
      // A second one is an error that wants to be seen.
      deframer.request(2);
    }
    owner.begun(this);
  }

  // The request, on the event loop.

  @Override
  public void data(ByteBuf piece) {
    deframer.add(piece);
  }

  @Override
  public void end() {
    deframer.end();
  }

  @Override
  public void cancelled() {
    deframer.close();
    cancel(Status.CANCELLED.withDescription("the client cancelled the call"));
    makeRoom();
  }

  @Override
  public void message(byte[] message, boolean compressed) {
    message(() -> payload.decode(compressed ? plain(message) : message));
  }

  @Override
  public void complete() {
    halfClose();
  }

  @Override
  public void broken(Status why) {
    message(() -> {
      throw why.asRuntimeException();
    });
    halfClose();
  }

  private byte[] plain(byte[] message) {
    if (decompressor == Codec.Identity.NONE) {
      throw Status.INTERNAL
          .withDescription("a compressed message, though the request names no compression")
          .asRuntimeException();
    }
    return Encodings.decompress("request", decompressor, message, maxMessage);
  }

  @Override
  protected void read(int messages) {
    exchange.eventLoop().execute(() -> deframer.request(messages));
  }

  // The response.

  @Override
  protected void writeHeaders(Metadata headers) {
    writing.lock();
    try {
      Http2Headers head = dialect.head(headers, compressor.getMessageEncoding());
      if (unary) {
        waitingHead = head;
      } else {
        headSent = true;
        exchange.respond(200, head);
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  protected void writeMessage(RespT message) {
    Compressor by = compressesMessages ? compressor : Codec.Identity.NONE;
    ByteBuf framed = payload.frame(message, by);
    writing.lock();
    try {
      if (unary) {
        waitingMessage = framed;
      } else {
        awaitRoom();
        ahead = exchange.isWritable() ? 0 : ahead + framed.readableBytes();
        exchange.send(framed);
      }
    } finally {
      writing.unlock();
    }
  }

  /**
   * Holds back a handler that goes on sending in a callback of its own although the call is not
   * ready: what waits for a slow client stays bounded. One that sends from elsewhere has to ask.
   */
  private void awaitRoom() {
    while (ahead > AHEAD && isInCallback() && !isCancelled() && !exchange.isWritable()) {
      room.awaitUninterruptibly();
    }
  }

  private void makeRoom() {
    writing.lock();
    try {
      room.signalAll();
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void writable() {
    makeRoom();
    super.writable();
  }

  @Override
  protected void writeClose(Status status, Metadata trailers) {
    writing.lock();
    try {
      if (headSent) {
        Dialect.Ending ending = dialect.ending(status, trailers);
        if (ending.data().isReadable()) {
          exchange.send(ending.data());
        }
        exchange.end(ending.trailers());
      } else {
        closeAtOnce(status, trailers);
      }
      room.signalAll();
    } finally {
      writing.unlock();
    }
  }

  private void closeAtOnce(Status status, Metadata trailers) {
    Http2Headers head = waitingHead;
    ByteBuf message = status.isOk() ? waitingMessage : null;
    if (head == null) {
      dialect.refuse(exchange, status, trailers);
      return;
    }
    Dialect.Ending ending = dialect.ending(status, trailers);
    exchange.complete(200, head, joined(message, ending.data()), ending.trailers());
  }

  private static ByteBuf joined(@Nullable ByteBuf message, ByteBuf last) {
    if (message == null) {
      return last;
    }
    return last.isReadable() ? Unpooled.wrappedBuffer(message, last) : message;
  }

  @Override
  protected void released() {
    try {
      exchange.eventLoop().execute(deframer::close);
    } catch (RejectedExecutionException e) {
      // The event loop has ended, so nobody else can be in there.
      deframer.close();
    }
    owner.released(this);
  }

  // io.grpc.ServerCall

  @Override
  public boolean isReady() {
    return !isCancelled() && exchange.isWritable();
  }

  /** Compresses from now on, if the client takes it; before the headers. */
  @Override
  public void setCompression(String encoding) {
    Compressor known = Encodings.compressor(encoding);
    if (isAccepted(encoding)) {
      compressor = known;
    }
  }

  @Override
  public void setMessageCompression(boolean enabled) {
    compressesMessages = enabled;
  }

  private boolean isAccepted(String encoding) {
    CharSequence accepted = exchange.headers().get(dialect.acceptHeader(), "");
    for (String one : accepted.toString().split(",")) {
      if (one.strip().equals(encoding)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String getAuthority() {
    return exchange.authority();
  }

  @Override
  public SecurityLevel getSecurityLevel() {
    return CallTransport.securityLevel(exchange);
  }

  @Override
  public Attributes getAttributes() {
    return CallTransport.attributes(exchange);
  }
}
