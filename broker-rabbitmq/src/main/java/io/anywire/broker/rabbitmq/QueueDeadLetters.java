package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.DeadLetters;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * The dead letters of one subscription: a queue that is read without acknowledging and then given
 * back. All of a broker's share one channel, so that a reader finds what the one before gave back;
 * another process that reads at the same time may hide some.
 */
final class QueueDeadLetters implements DeadLetters {
  private static final int MAX_TRIES = 10;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Backlog backlog;
  private final SideChannel channel;
  private final Publisher publisher;

  QueueDeadLetters(Backlog backlog, SideChannel channel, Publisher publisher) {
    this.backlog = backlog;
    this.channel = channel;
    this.publisher = publisher;
  }

  @Override
  public List<DeadLetter> list(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max: " + max + " (expected: >= 1)");
    }
    List<DeadLetter> found = new ArrayList<>();
    int unused =
        read(
            max,
            letter -> {
              found.add(deadLetter(letter));
              return false;
            });
    return found;
  }

  @Override
  public int replay(Predicate<DeadLetter> which) {
    return read(
        Integer.MAX_VALUE,
        letter -> {
          DeadLetter dead = deadLetter(letter);
          if (!which.test(dead)) {
            return false;
          }
          publishAgain(letter, dead);
          return true;
        });
  }

  @Override
  public int purge(Predicate<DeadLetter> which) {
    return read(Integer.MAX_VALUE, letter -> which.test(deadLetter(letter)));
  }

  /**
   * Reads what is there now, and removes what {@code removes} accepts. What is rejected anew
   * meanwhile is not waited for.
   *
   * @return how many were removed
   */
  private int read(int max, Predicate<GetResponse> removes) {
    for (int tries = 1; ; tries++) {
      AtomicBoolean begun = new AtomicBoolean();
      try {
        return channel.call(c -> {
          Optional<GetResponse> first = first(c);
          begun.set(true);
          return first.isPresent() ? read(c, first.get(), max, removes) : 0;
        });
      } catch (StatusRuntimeException e) {
        // RabbitMQ ends the connection of whoever reads a queue that is just being set up.
        if (begun.get() || tries == MAX_TRIES) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private int read(Channel c, GetResponse first, int max, Predicate<GetResponse> removes)
      throws IOException {
    int removed = 0;
    long kept = 0;
    int left = Math.min(max - 1, first.getMessageCount());
    try {
      for (GetResponse letter = first; letter != null; left--) {
        long tag = letter.getEnvelope().getDeliveryTag();
        long keptBefore = kept;
        kept = tag;
        if (removes.test(letter)) {
          c.basicAck(tag, false);
          kept = keptBefore;
          removed++;
        }
        letter = left > 0 ? c.basicGet(backlog.deadLetters(), false) : null;
      }
    } finally {
      if (kept > 0) {
        c.basicNack(kept, true, true);
      }
    }
    return removed;
  }

  /** The oldest; empty also when there is no queue, since nothing was ever rejected. */
  private Optional<GetResponse> first(Channel c) throws IOException {
    try {
      return Optional.ofNullable(c.basicGet(backlog.deadLetters(), false));
    } catch (IOException e) {
      if (Errors.of(e).getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void publishAgain(GetResponse letter, DeadLetter dead) {
    var copy = new Backlog.Copy(letter.getProps(), letter.getBody(), dead.message().id());
    try {
      publisher.republish(backlog.replayed(copy)).join();
    } catch (CompletionException e) {
      throw Errors.of(e);
    }
  }

  private static DeadLetter deadLetter(GetResponse letter) {
    return new DeadLetter(
        CloudEventsBinding.message(letter.getProps(), letter.getBody()),
        Bookkeeping.status(letter.getProps()),
        Bookkeeping.of(letter.getProps()).attempts(),
        Bookkeeping.time(letter.getProps()));
  }
}
