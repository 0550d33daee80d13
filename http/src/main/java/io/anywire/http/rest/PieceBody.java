package io.anywire.http.rest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a response's body into pieces as they arrive, and takes no more from the connection than was
 * asked for: more is requested when every piece asked for but one is there. The one ahead lets an
 * end mark be seen without anybody asking for it. Completes with an empty body.
 */
final class PieceBody implements BodySubscriber<byte[]> {
  private final StreamForm form;
  private final int limit;
  private final Consumer<byte[]> pieces;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private final ByteBuf begun = Unpooled.buffer(256);
  private final ReentrantLock lock = new ReentrantLock();

  /** What had arrived before the connection heard of it may still be reported. */
  private volatile boolean stopped;

  // Guarded by the lock.
  private Flow.@Nullable Subscription subscription;
  private long wanted;
  private long delivered;
  private boolean asked;

  /**
   * @param form where a piece ends
   * @param limit the most bytes of a piece
   * @param wanted how many pieces have been asked for already
   */
  PieceBody(StreamForm form, int limit, long wanted, Consumer<byte[]> pieces) {
    this.form = form;
    this.limit = limit;
    this.wanted = wanted;
    this.pieces = pieces;
  }

  /** Asks for so many pieces more; from any thread. */
  void want(long more) {
    lock.lock();
    try {
      wanted += more;
    } finally {
      lock.unlock();
    }
    ask();
  }

  /** Takes the rest, so that the connection can be used again. */
  void drain() {
    want(Integer.MAX_VALUE);
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription source) {
    lock.lock();
    try {
      subscription = source;
    } finally {
      lock.unlock();
    }
    ask();
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    long before = delivered;
    long found = 0;
    for (ByteBuffer buffer : buffers) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      int from = 0;
      int end = form.end(begun, bytes, from);
      while (end >= 0 && begun.readableBytes() + end - from <= limit + form.overhead()) {
        begun.writeBytes(bytes, from, end - from);
        from = end;
        found += deliver();
        end = form.end(begun, bytes, from);
      }
      begun.writeBytes(bytes, from, bytes.length - from);
      if (begun.readableBytes() > limit + form.overhead()) {
        stop(WholeBody.tooLarge("message of a stream", limit));
        return;
      }
    }
    lock.lock();
    try {
      delivered = before + found;
      asked = false;
    } finally {
      lock.unlock();
    }
    ask();
  }

  /** Takes nothing more. */
  void stop(Throwable why) {
    stopped = true;
    body.completeExceptionally(why);
    Flow.Subscription source = subscription;
    if (source != null) {
      source.cancel();
    }
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    if (form.mayEndOpen()) {
      var unused = deliver();
    }
    body.complete(new byte[0]);
  }

  /** Gives the piece that is complete, and says how many that were: none where it is empty. */
  private int deliver() {
    byte[] complete = form.content(ByteBufUtil.getBytes(begun));
    begun.clear();
    if (complete.length == 0 || stopped) {
      return 0;
    }
    pieces.accept(complete);
    return 1;
  }

  private void ask() {
    Flow.Subscription source = null;
    lock.lock();
    try {
      if (!asked && delivered <= wanted && subscription != null) {
        asked = true;
        source = subscription;
      }
    } finally {
      lock.unlock();
    }
    if (source != null) {
      source.request(1);
    }
  }
}
