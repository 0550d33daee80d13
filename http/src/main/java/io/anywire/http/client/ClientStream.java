package io.anywire.http.client;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, on whatever connection its client finds. It waits until there is a
 * stream for it, is told {@link #opened}, writes, is told what comes back, and ends in exactly one
 * way: by the end of the response, by {@link #failed}, by {@link #cancel}, or by {@link
 * #unprocessed}, after which it may be {@link #start started} again.
 *
 * <p>{@link #start} is for any thread, everything else for the client's event loop.
 */
public abstract class ClientStream implements Runnable {
  private enum State {
    NEW,
    WAITING,
    OPEN,
    OVER
  }

  private final Http2Client client;
  private State state = State.NEW;
  private boolean localEnded;
  private int id;
  private @Nullable Http2ClientConnection connection;
  private @Nullable Http2Stream stream;

  protected ClientStream(Http2Client client) {
    this.client = client;
  }

  // What it is told.

  /** There is a stream: the request is to be written now, its headers at least. */
  protected abstract void opened(SocketAddress remote, SocketAddress local);

  /** Response headers or trailers; {@code end} with the last. */
  protected abstract void headers(Http2Headers headers, boolean end);

  /** A piece of the body, which is not given over; its bytes wait to be {@link #consumed}. */
  protected abstract void data(ByteBuf piece, boolean end);

  /** The request failed; nothing follows. */
  protected abstract void failed(Status why);

  /**
   * The server certainly did not look at the request; nothing follows unless it is started anew.
   */
  protected abstract void unprocessed(Status why);

  /** Whether it waits for a server that cannot be reached, instead of failing. */
  protected abstract boolean waitsForReady();

  // What it does.

  /** Asks for a stream; from any thread. */
  public final void start() {
    client.execute(this);
  }

  /** The step that {@link #start} leaves for the event loop. */
  @Override
  public final void run() {
    if (state == State.NEW) {
      client.place(this);
    }
  }

  /** Whether there is a stream that can be written to. */
  protected final boolean isOpen() {
    return state == State.OPEN;
  }

  /** Whether it has ended. */
  protected final boolean isOver() {
    return state == State.OVER;
  }

  /** The first thing to write. */
  protected final void writeHeaders(Http2Headers headers) {
    Http2ClientConnection to = connection();
    ChannelFuture written = to.writeHeaders(id, headers);
    stream = to.begun(this, id);
    Throwable failure = written.cause();
    if (failure != null) {
      fail(writeFailure(failure));
    }
  }

  /** Writes a piece of the request's body, and takes it over; {@code end} with the last. */
  protected final void writeData(ByteBuf piece, boolean end, boolean watched) {
    if (state != State.OPEN || localEnded) {
      piece.release();
      return;
    }
    localEnded = end;
    Http2ClientConnection to = connection();
    ChannelPromise promise = to.promise();
    if (watched) {
      int bytes = piece.readableBytes();
      promise.addListener(done -> written(bytes));
    }
    to.writeData(id, piece, end, promise);
  }

  /** So many watched bytes have left, or never will. */
  protected void written(int bytes) {}

  /** Lets the server send so many bytes more. */
  protected final void consumed(int bytes) {
    Http2ClientConnection from = connection;
    Http2Stream of = stream;
    if (from != null && of != null) {
      from.consumed(of, bytes);
    }
  }

  /** Nobody wants the response any more. Idempotent. */
  protected final void cancel() {
    if (state == State.WAITING) {
      client.forget(this);
    }
    State before = state;
    state = State.OVER;
    if (before == State.OPEN) {
      connection().reset(id, Http2Error.CANCEL);
    }
  }

  /** Lets it be started again, after {@link #unprocessed}. */
  protected final void again() {
    state = State.NEW;
    localEnded = false;
    connection = null;
    stream = null;
    client.place(this);
  }

  // What client and connection report.

  final void waiting() {
    state = State.WAITING;
  }

  final void open(Http2ClientConnection on, int streamId) {
    state = State.OPEN;
    connection = on;
    id = streamId;
    try {
      opened(on.remoteAddress(), on.localAddress());
    } catch (RuntimeException e) {
      cancel();
      failed(Status.INTERNAL.withDescription("the request could not be written").withCause(e));
    }
  }

  final void onHeaders(Http2Headers headers, boolean end) {
    if (state == State.OPEN) {
      headers(headers, end);
      ended(end);
    }
  }

  final void onData(ByteBuf piece, boolean end) {
    if (state == State.OPEN) {
      data(piece, end);
      ended(end);
    } else {
      consumed(piece.readableBytes());
    }
  }

  /** A server that answers before it has seen the whole request wants no more of it. */
  private void ended(boolean end) {
    if (end && state == State.OPEN) {
      state = State.OVER;
      if (!localEnded) {
        connection().reset(id, Http2Error.CANCEL);
      }
    }
  }

  final void fail(Status why) {
    if (state != State.OVER) {
      state = State.OVER;
      failed(why);
    }
  }

  final void refuse(Status why) {
    if (state != State.OVER) {
      state = State.OVER;
      unprocessed(why);
    }
  }

  private Http2ClientConnection connection() {
    Http2ClientConnection current = connection;
    if (current == null) {
      throw new IllegalStateException("no stream (state: " + state + ")");
    }
    return current;
  }

  private static Status writeFailure(Throwable failure) {
    return failure instanceof Http2Exception.HeaderListSizeException
        ? Status.RESOURCE_EXHAUSTED
            .withDescription("the request's metadata is larger than the server takes")
            .withCause(failure)
        : Status.UNAVAILABLE
            .withDescription("the request could not be sent: " + failure.getMessage())
            .withCause(failure);
  }
}
