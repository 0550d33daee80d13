package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Publishes, in the order asked for, from one thread of its own: so a caller neither waits for a
 * declaration nor for a broker that does not read, and what waits goes out together. At most
 * {@value #PLACES} messages are on their way; callers wait for a place. Thread-safe.
 */
final class Publisher implements AutoCloseable {
  static final int PLACES = 1024;
  static final Duration PLACE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);

  /** A queue that another client declares at the same time runs within so long, or is broken. */
  private static final Duration QUEUE_START = Duration.ofSeconds(2);

  private final Link link;
  private final Semaphore places = new Semaphore(PLACES);
  private final BlockingQueue<Pending> waiting = new LinkedBlockingQueue<>();
  private final Thread thread;
  private final Pending end;
  private volatile boolean closed;
  private volatile boolean ended;

  // Of the thread's only.
  private @Nullable ConfirmChannel confirming;
  private @Nullable Channel plain;

  Publisher(Link link) {
    this.link = link;
    this.end = pending(Outgoing.toInbox("", noProperties(), new byte[0]), () -> {});
    this.thread = Thread.ofPlatform().daemon().name("anywire-rabbitmq-publisher").start(this::run);
  }

  /**
   * Publishes for a caller; waits for a place up to 5 s, or as long as {@code patience}.
   *
   * @return completes when the broker has confirmed, or when it is sent where that is enough; fails
   *     {@code RESOURCE_EXHAUSTED} when there is no place
   */
  CompletableFuture<Void> publish(Outgoing outgoing, Duration patience) {
    try {
      Duration limit = patience.compareTo(PLACE_TIMEOUT) < 0 ? patience : PLACE_TIMEOUT;
      if (!places.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return CompletableFuture.failedFuture(
            Status.RESOURCE_EXHAUSTED
                .withDescription(PLACES + " messages are already on their way to RabbitMQ")
                .asRuntimeException());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedFuture(
          Status.CANCELLED.withDescription("interrupted while publishing").asRuntimeException());
    }
    return enqueue(pending(outgoing, places::release));
  }

  /** The same without a place: for what replaces a delivery, which is bounded already. */
  CompletableFuture<Void> republish(Outgoing outgoing) {
    return enqueue(pending(outgoing, () -> {}));
  }

  /** Publishes what waits, waits a while for confirmations, and takes nothing new. Idempotent. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    waiting.add(end);
    try {
      if (!thread.join(FLUSH_TIMEOUT.multipliedBy(2))) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private CompletableFuture<Void> enqueue(Pending pending) {
    if (closed) {
      pending.fail(gone());
    } else {
      waiting.add(pending);
      if (ended) {
        failRest();
      }
    }
    return pending.result();
  }

  private void run() {
    try {
      for (Pending next = waiting.take(); next != end; next = waiting.take()) {
        write(next);
        if (waiting.isEmpty()) {
          link.cork().flush();
        }
      }
      link.cork().flush();
      awaitConfirmations();
    } catch (InterruptedException e) {
      // Closing took too long.
    } finally {
      ended = true;
      failRest();
    }
  }

  private void write(Pending pending) throws InterruptedException {
    try {
      Outgoing out = pending.outgoing();
      boolean declared = link.topology().ensure(out.route().needs());
      if (!out.confirmed()) {
        send(out);
        pending.succeed();
      } else if (declared) {
        publishFirst(pending);
      } else {
        publish(pending);
      }
    } catch (IOException | RuntimeException e) {
      pending.fail(Errors.of(e));
    } catch (InterruptedException e) {
      pending.fail(gone());
      throw e;
    }
  }

  private void publish(Pending pending) throws IOException {
    ConfirmChannel channel = confirming();
    link.cork().hold();
    try {
      channel.publish(pending);
    } finally {
      link.cork().letGo();
    }
  }

  private void send(Outgoing out) throws IOException {
    Channel channel = plain();
    Route route = out.route();
    link.cork().hold();
    try {
      channel.basicPublish(route.exchange(), route.routingKey(), out.properties(), out.body());
    } finally {
      link.cork().letGo();
    }
  }

  /**
   * Publishes the first message after a declaration, alone, and again while it is refused: RabbitMQ
   * says of a quorum queue that it is there when another client has begun to make it, and refuses
   * messages until it runs. Nothing overtakes the message meanwhile.
   */
  private void publishFirst(Pending pending) throws IOException, InterruptedException {
    long until = System.nanoTime() + QUEUE_START.toNanos();
    for (long pause = 5; ; pause *= 2) {
      Pending attempt = pending(pending.outgoing(), () -> {});
      publish(attempt);
      link.cork().flush();
      boolean refused = attempt.isRefusedWithin(until - System.nanoTime());
      if (!refused || System.nanoTime() > until) {
        attempt.tell(pending);
        return;
      }
      Thread.sleep(pause);
    }
  }

  private ConfirmChannel confirming() throws IOException {
    ConfirmChannel open = confirming;
    if (open == null || !open.isOpen()) {
      Connection connection = link.current();
      Topology topology = link.topology();
      open = new ConfirmChannel(connection, topology::forget, cause -> topology.forget());
      confirming = open;
    }
    return open;
  }

  private Channel plain() throws IOException {
    Channel open = plain;
    if (open == null || !open.isOpen()) {
      open = SideChannel.open(link.current());
      plain = open;
    }
    return open;
  }

  private void awaitConfirmations() throws InterruptedException {
    ConfirmChannel last = confirming;
    long until = System.nanoTime() + FLUSH_TIMEOUT.toNanos();
    while (last != null && last.isOpen() && !last.isIdle() && System.nanoTime() < until) {
      Thread.sleep(5);
    }
  }

  private void failRest() {
    for (Pending rest = waiting.poll(); rest != null; rest = waiting.poll()) {
      rest.fail(gone());
    }
  }

  private static Pending pending(Outgoing outgoing, Runnable leave) {
    return new Pending(outgoing, leave);
  }

  private static BasicProperties noProperties() {
    return new BasicProperties();
  }

  private static StatusRuntimeException gone() {
    return Errors.unavailable("the broker connection was closed");
  }
}
