package io.anywire.broker.embedded.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Those who append, and the writer: in many of the orders that their steps can have, {@code
 * -Dlincheck.orders=N} in more.
 */
@Timeout(60)
class JournalThreadsTest {
  private static final int ORDERS = Integer.getInteger("lincheck.orders", 1_000);

  static {
    System.setProperty("lincheck.logLevel", "ERROR"); // It warns of every field of a record.
  }

  /** Takes appends, until it is closed by its writer. */
  private interface Taking {
    void append(Append append);

    void write();

    void close() throws IOException;
  }

  @Test
  void whoever_appends_while_it_closes_is_told_once() {
    Lincheck.runConcurrentTest(ORDERS, () -> closedMeanwhile(journal()));
  }

  @Test
  void shows_that_it_would_notice_one_who_looks_before_he_appends() {
    assertThatThrownBy(
            () -> Lincheck.runConcurrentTest(ORDERS, () -> closedMeanwhile(new LooksFirst())))
        .isInstanceOf(LincheckAssertionError.class)
        .hasMessageContaining("was told 0 times");
  }

  private static void closedMeanwhile(Taking journal) {
    List<Told> all = List.of(new Told(), new Told());
    List<Thread> threads =
        all.stream().map(told -> new Thread(() -> journal.append(told))).toList();
    threads.forEach(Thread::start);
    try {
      journal.write();
      journal.close();
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException | IOException e) {
      throw new AssertionError(e);
    }
    for (Told told : all) {
      if (told.times != 1) {
        throw new AssertionError("was told " + told.times + " times");
      }
    }
  }

  @Test
  void writes_what_comes_while_the_writer_falls_asleep() throws Exception {
    assertThat(
            isToldOnTheWayToBed((journal, then) -> new JournalThread(journal, "writer", then), 30))
        .isTrue();
  }

  @Test
  void shows_that_it_would_notice_a_writer_that_does_not_look_again() throws Exception {
    assertThat(isToldOnTheWayToBed(HastyThread::new, 1)).isFalse();
  }

  @Test
  void tells_everybody_when_the_writer_fails_itself() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    Runnable broken =
        () -> {
          throw new NoSuchMethodError("of another version");
        };
    try (Journal journal = open();
        JournalWriter thread = new JournalThread(journal, "writer", broken)) {
      thread.append(new Told(told::countDown));
      assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
      thread.close();
      assertThat(journal.over()).hasMessageContaining("NoSuchMethodError: of another version");
    }
  }

  /** Whether what is appended after the writer has found nothing is written in that time. */
  private static boolean isToldOnTheWayToBed(
      BiFunction<Journal, Runnable, JournalWriter> writer, int seconds) throws Exception {
    CompletableFuture<JournalWriter> started = new CompletableFuture<>();
    CountDownLatch told = new CountDownLatch(1);
    AtomicBoolean first = new AtomicBoolean(true);
    Runnable whenNothingIsLeft =
        () -> {
          if (first.getAndSet(false)) {
            started.join().append(new Told(told::countDown));
          }
        };
    try (Journal journal = open();
        JournalWriter thread = writer.apply(journal, whenNothingIsLeft)) {
      started.complete(thread);
      return told.await(seconds, TimeUnit.SECONDS);
    }
  }

  private static Journal open() throws IOException {
    JournalSettings settings = new JournalSettings(Durability.FSYNC, Workload.SEGMENT, 9);
    return Journal.open(new ModelledFolder(new Random(1)), settings, Runnable::run, new Ledger());
  }

  private static Taking journal() {
    try {
      Journal journal = open();
      return new Taking() {
        @Override
        public void append(Append append) {
          journal.append(append);
        }

        @Override
        public void write() {
          boolean unused = journal.write();
        }

        @Override
        public void close() throws IOException {
          journal.close();
        }
      };
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Told implements Append {
    private final Runnable then;
    private volatile int times;

    Told() {
      this(() -> {});
    }

    Told(Runnable then) {
      this.then = then;
    }

    @Override
    public byte[] records() {
      return NOTHING;
    }

    @Override
    public void committed(long position) {
      times++;
      then.run();
    }

    @Override
    public void failed(StatusRuntimeException why) {
      times++;
      then.run();
    }
  }

  /** Looks whether it is closed, and only then puts it into the queue. */
  private static final class LooksFirst implements Taking {
    private final MpscUnboundedArrayQueue<Append> queue = new MpscUnboundedArrayQueue<>(8);
    private volatile boolean closed;

    @Override
    public void append(Append append) {
      if (closed) {
        append.committed(0);
      } else {
        queue.offer(append);
      }
    }

    @Override
    public void write() {
      for (Append next = queue.poll(); next != null; next = queue.poll()) {
        next.committed(0);
      }
    }

    @Override
    public void close() {
      closed = true;
      write();
    }
  }

  /** Falls asleep without looking once more when it has said so. */
  private static final class HastyThread implements JournalWriter {
    private final Journal journal;
    private final Runnable afterBatch;
    private final Thread thread = new Thread(this::run);
    private volatile boolean idle;
    private volatile boolean closing;

    HastyThread(Journal journal, Runnable afterBatch) {
      this.journal = journal;
      this.afterBatch = afterBatch;
      thread.start();
    }

    private void run() {
      while (!closing) {
        boolean wrote = journal.write();
        afterBatch.run();
        if (!wrote) {
          idle = true;
          LockSupport.park(this);
          idle = false;
        }
      }
    }

    @Override
    public void append(Append append) {
      journal.append(append);
      if (idle) {
        idle = false;
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void close() {
      closing = true;
      LockSupport.unpark(thread);
    }
  }
}
