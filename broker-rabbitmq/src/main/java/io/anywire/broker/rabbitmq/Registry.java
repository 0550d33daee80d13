package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.Connection;
import io.anywire.broker.Topic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which topics and subscriptions there ever were, since AMQP lists nothing: a durable queue that
 * nobody takes from, with an entry for each. Whoever uses one first on its connection adds the
 * entry that is missing; two who do at once may add it twice. Whether it is still there is for the
 * reader to look at.
 *
 * <p>Entries are written on a connection that is opened for it and closed again, so that our
 * publications never wait for them. Nothing fails for want of an entry: what could not be noted is
 * noted after the next reconnection. Thread-safe.
 */
final class Registry implements Link.Tenant {
  private static final Logger log = LoggerFactory.getLogger(Registry.class);
  private static final long PATIENCE_SECONDS = 5;
  private static final int MAX_TRIES = 50;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int CLOSE_TIMEOUT_MILLIS = 3_000;

  private final Supplier<Connection> connecting;
  private final Link reading;
  private final Map<RegistryEntry, CompletableFuture<Void>> noted = new ConcurrentHashMap<>();
  private final Set<RegistryEntry> pending = ConcurrentHashMap.newKeySet();
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          Thread.ofVirtual().name("anywire-rabbitmq-registry").factory());

  private final ReentrantLock lookingUp = new ReentrantLock();

  /** What is in the queue as far as we know. Of the writer's only. */
  private final Set<RegistryEntry> known = new HashSet<>();

  /** Whether nothing can be noted until the next reconnection. */
  private volatile boolean givenUp;

  /**
   * @param connecting opens a connection
   */
  Registry(Supplier<Connection> connecting, Link reading) {
    this.connecting = connecting;
    this.reading = reading;
  }

  /** Notes a topic, soon. */
  void note(Topic topic) {
    CompletableFuture<Void> unused = note(new RegistryEntry(topic, ""));
  }

  /**
   * Notes a subscription; completes, never with a failure, when it is noted or that takes too long.
   */
  CompletableFuture<Void> noted(Topic topic, String subscription) {
    return note(new RegistryEntry(topic, topic.kind() == Topic.Kind.EVENTS ? subscription : ""));
  }

  /**
   * Everything that was noted.
   *
   * @throws StatusRuntimeException when it cannot be read
   */
  Set<RegistryEntry> entries() {
    lookingUp.lock();
    try {
      return patiently(() -> read(reading.current()));
    } finally {
      lookingUp.unlock();
    }
  }

  /** Notes again: the broker may have lost its memory. */
  @Override
  public void up(Connection connection) {
    givenUp = false;
    pending.addAll(noted.keySet());
    write(known::clear);
  }

  @Override
  public void down() {}

  @Override
  public void close() {
    writer.shutdownNow();
    noted.values().forEach(done -> done.complete(null));
  }

  @Override
  public String toString() {
    return "registry";
  }

  private CompletableFuture<Void> note(RegistryEntry entry) {
    CompletableFuture<Void> before = noted.get(entry);
    if (before != null) {
      return before;
    }
    CompletableFuture<Void> fresh = new CompletableFuture<>();
    before = noted.putIfAbsent(entry, fresh);
    if (before != null) {
      return before;
    }
    if (givenUp) {
      fresh.complete(null);
      return fresh;
    }
    fresh.completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS);
    pending.add(entry);
    write(() -> {});
    return fresh;
  }

  private void write(Runnable before) {
    try {
      writer.execute(() -> {
        before.run();
        writePending();
      });
    } catch (RejectedExecutionException e) {
      noted.values().forEach(done -> done.complete(null));
    }
  }

  private void writePending() {
    Set<RegistryEntry> batch = Set.copyOf(pending);
    pending.removeAll(batch);
    try {
      if (!givenUp && !known.containsAll(batch)) {
        known.addAll(patiently(() -> written(batch)));
      }
    } catch (StatusRuntimeException e) {
      givenUp = true;
      log.warn("Not noted, so not listed: {}: {}", batch, e.getMessage());
    }
    batch.forEach(entry -> noted.getOrDefault(entry, new CompletableFuture<>()).complete(null));
  }

  /** Adds what is missing; returns what is there then. */
  private Set<RegistryEntry> written(Set<RegistryEntry> batch) {
    Connection connection = connecting.get();
    try {
      Set<RegistryEntry> all = new HashSet<>(known.isEmpty() ? read(connection) : known);
      Set<RegistryEntry> missing = new HashSet<>(batch);
      missing.removeAll(all);
      RegistryWriter.append(connection, Names.registry(), missing);
      all.addAll(missing);
      return all;
    } finally {
      connection.abort(CLOSE_TIMEOUT_MILLIS);
    }
  }

  private static Set<RegistryEntry> read(Connection connection) {
    try {
      return Set.copyOf(RegistryReader.all(connection, Names.registry()));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Set.of();
      }
      throw e;
    }
  }

  /** Others may be reading, and RabbitMQ starting. */
  private static <T> T patiently(Supplier<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.get();
      } catch (StatusRuntimeException e) {
        if (tries == MAX_TRIES
            || e.getStatus().getCode() != Status.Code.UNAVAILABLE
            || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}
