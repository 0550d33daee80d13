package io.anywire.http.rest;

import java.io.ByteArrayOutputStream;
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
 * Splits a response's body into lines as they arrive, and takes no more from the connection than
 * was asked for: the next piece is requested when every line asked for but one is there. The one
 * ahead lets an end mark be seen without anybody asking for it. Completes with an empty body.
 */
final class LineBody implements BodySubscriber<byte[]> {
  private final int limit;
  private final Consumer<byte[]> lines;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private final ReentrantLock lock = new ReentrantLock();

  /** What had arrived before the connection heard of it may still be reported. */
  private volatile boolean stopped;

  // Guarded by the lock.
  private Flow.@Nullable Subscription subscription;
  private long wanted;
  private long delivered;
  private boolean asked;

  /**
   * @param limit the most bytes of a line
   * @param wanted how many lines have been asked for already
   */
  LineBody(int limit, long wanted, Consumer<byte[]> lines) {
    this.limit = limit;
    this.wanted = wanted;
    this.lines = lines;
  }

  /** Asks for so many lines more; from any thread. */
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
  public void onNext(List<ByteBuffer> pieces) {
    long before = delivered;
    long found = 0;
    for (ByteBuffer piece : pieces) {
      byte[] bytes = new byte[piece.remaining()];
      piece.get(bytes);
      int from = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == '\n') {
          line.write(bytes, from, i - from);
          from = i + 1;
          if (line.size() > limit) {
            break;
          }
          found += deliver();
        }
      }
      if (line.size() <= limit) {
        line.write(bytes, from, bytes.length - from);
      }
      if (line.size() > limit) {
        stop(WholeBody.tooLarge("line of a response", limit));
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
    var unused = deliver();
    body.complete(new byte[0]);
  }

  /** Gives the line that is complete, and says how many that were: none where it is empty. */
  private int deliver() {
    if (line.size() == 0 || stopped) {
      return 0;
    }
    byte[] complete = line.toByteArray();
    line.reset();
    lines.accept(complete);
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
