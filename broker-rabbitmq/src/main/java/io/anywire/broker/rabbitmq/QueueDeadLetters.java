package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.GetResponse;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.DeadLetters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;

/**
 * The dead letters of one subscription: a queue that is read without acknowledging and then given
 * back. All of a broker's share one channel, so that a reader finds what the one before gave back;
 * another process that reads at the same time may hide some.
 */
final class QueueDeadLetters implements DeadLetters {
  private final Backlog backlog;
  private final Topology topology;
  private final SideChannel channel;
  private final Publisher publisher;

  QueueDeadLetters(Backlog backlog, Topology topology, SideChannel channel, Publisher publisher) {
    this.backlog = backlog;
    this.topology = topology;
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
        Long.MAX_VALUE,
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
    return read(Long.MAX_VALUE, letter -> which.test(deadLetter(letter)));
  }

  /**
   * Reads what is there now, and removes what {@code removes} accepts.
   *
   * @return how many were removed
   */
  private int read(long max, Predicate<GetResponse> removes) {
    long count = Math.min(max, topology.messages(backlog.deadLetters()).orElse(0));
    return count == 0 ? 0 : channel.call(c -> read(c, count, removes));
  }

  private int read(com.rabbitmq.client.Channel c, long count, Predicate<GetResponse> removes)
      throws java.io.IOException {
    int removed = 0;
    long lastKept = 0;
    try {
      for (long i = 0; i < count; i++) {
        GetResponse letter = c.basicGet(backlog.deadLetters(), false);
        if (letter == null) {
          break;
        }
        long tag = letter.getEnvelope().getDeliveryTag();
        long before = lastKept;
        lastKept = tag;
        if (removes.test(letter)) {
          c.basicAck(tag, false);
          lastKept = before;
          removed++;
        }
      }
    } finally {
      if (lastKept > 0) {
        c.basicNack(lastKept, true, true);
      }
    }
    return removed;
  }

  private void publishAgain(GetResponse letter, DeadLetter dead) {
    var copy = new Backlog.Copy(letter.getProps(), letter.getBody(), dead.message().id());
    try {
      publisher.republish(backlog.again(copy, new Bookkeeping(0, 0))).join();
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
