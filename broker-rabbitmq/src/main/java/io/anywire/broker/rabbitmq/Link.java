package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that is kept up, and those who live on it. Thread-safe.
 *
 * <p>One thread, the keeper, notices the loss, connects again with growing pauses, and tells the
 * tenants; so tenants hear of ups and downs one at a time and in order.
 */
final class Link implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Link.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;
  private static final int CLOSE_TIMEOUT_MILLIS = 3_000;

  /** Somebody who opens something on each connection anew. Ups and downs come from the keeper. */
  interface Tenant extends AutoCloseable {
    /** Sets up on {@code connection}; called again after a failure, and harmless when set up. */
    void up(Connection connection) throws IOException;

    /** The connection is gone. */
    void down();

    /** Moves out, for good. */
    @Override
    void close();
  }

  private final Endpoint endpoint;
  private final String purpose;
  private final ExecutorService callbacks;
  private final ScheduledThreadPoolExecutor keeper;
  private final Set<Tenant> tenants = ConcurrentHashMap.newKeySet();
  private final Topology topology = new Topology(this);
  private final Cork cork = new Cork();
  private volatile @Nullable Connection connection;
  private volatile boolean closed;

  /**
   * Connects.
   *
   * @param callbacks runs the client's callbacks; belongs to the caller
   * @throws StatusRuntimeException when there is no way in
   */
  Link(Endpoint endpoint, String purpose, ExecutorService callbacks) {
    this.endpoint = endpoint;
    this.purpose = purpose;
    this.callbacks = callbacks;
    Connection first = endpoint.connect(purpose, callbacks, cork);
    this.keeper =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("anywire-rabbitmq-" + purpose).factory());
    keeper.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    adopt(first);
  }

  /**
   * The connection.
   *
   * @throws StatusRuntimeException {@code UNAVAILABLE} when there is none at the moment
   */
  Connection current() {
    Connection current = connection;
    if (current == null || !current.isOpen()) {
      throw Errors.unavailable(
          closed
              ? "the broker connection was closed"
              : "the connection to RabbitMQ at " + endpoint + " is lost and being restored");
    }
    return current;
  }

  /** What holds back what is written to the connection. */
  Cork cork() {
    return cork;
  }

  /** What was declared on this connection. */
  Topology topology() {
    return topology;
  }

  /**
   * Sets up {@code tenant}, now and after each reconnection until it leaves.
   *
   * @throws StatusRuntimeException when it cannot be set up; it is then no tenant
   */
  void moveIn(Tenant tenant) {
    Connection now = current();
    try {
      Future<?> done =
          keeper.submit(() -> {
            tenant.up(now);
            tenants.add(tenant);
            return tenant;
          });
      done.get();
    } catch (ExecutionException | RejectedExecutionException e) {
      throw Errors.of(e);
    } catch (CancellationException e) {
      throw Errors.unavailable("the broker connection was closed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Errors.unavailable("interrupted while subscribing");
    }
    if (closed) {
      tenant.close();
      throw Errors.unavailable("the broker connection was closed");
    }
  }

  /** Closes all tenants. */
  void closeTenants() {
    tenants.forEach(Tenant::close);
  }

  /** No longer cares for {@code tenant}. */
  void moveOut(Tenant tenant) {
    tenants.remove(tenant);
  }

  /** Sets up {@code tenant} again after a pause: it lost its footing, the connection did not. */
  void restore(Tenant tenant) {
    schedule(() -> setUp(tenant, FIRST_PAUSE_MILLIS), jittered(FIRST_PAUSE_MILLIS));
  }

  @Override
  public void close() {
    closed = true;
    // Whoever waits for one of them would wait for ever.
    for (Runnable dropped : keeper.shutdownNow()) {
      if (dropped instanceof Future<?> move) {
        move.cancel(false);
      }
    }
    Connection last = connection;
    if (last != null) {
      last.abort(CLOSE_TIMEOUT_MILLIS);
    }
  }

  private void adopt(Connection fresh) {
    connection = fresh;
    fresh.addShutdownListener(cause -> schedule(() -> lost(fresh, cause), 0));
    if (closed) {
      fresh.abort(CLOSE_TIMEOUT_MILLIS);
    }
  }

  private void lost(Connection old, ShutdownSignalException cause) {
    if (connection != old || closed) {
      return;
    }
    log.atWarn()
        .addKeyValue("endpoint", endpoint)
        .addKeyValue("connection", purpose)
        .log("Lost RabbitMQ: {}", Errors.of(cause).getStatus().getDescription());
    connection = null;
    tenants.forEach(Tenant::down);
    schedule(() -> reconnect(FIRST_PAUSE_MILLIS), jittered(FIRST_PAUSE_MILLIS));
  }

  private void reconnect(long pause) {
    try {
      adopt(endpoint.connect(purpose, callbacks, cork));
    } catch (StatusRuntimeException e) {
      log.debug("Not yet back: {}", e.getMessage());
      long next = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      schedule(() -> reconnect(next), jittered(next));
      return;
    }
    log.atInfo().addKeyValue("endpoint", endpoint).log("Connected to RabbitMQ again");
    tenants.forEach(tenant -> setUp(tenant, FIRST_PAUSE_MILLIS));
  }

  private void setUp(Tenant tenant, long pause) {
    Connection now = connection;
    if (now == null || !now.isOpen() || !tenants.contains(tenant)) {
      return;
    }
    try {
      tenant.up(now);
    } catch (IOException | RuntimeException e) {
      log.warn("{} could not be restored, trying on: {}", tenant, Errors.of(e).getMessage());
      long next = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      schedule(() -> setUp(tenant, next), jittered(next));
    }
  }

  private static long jittered(long pause) {
    return ThreadLocalRandom.current().nextLong(pause / 2, pause);
  }

  private void schedule(Runnable task, long millis) {
    if (!closed) {
      try {
        keeper.schedule(task, millis, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        // Closed in the meantime: nothing is to be kept up any more.
      }
    }
  }
}
