package io.anywire;

import io.anywire.wire.Listening;
import io.anywire.wire.Services;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handlers that are served on one or several wires. {@link #close} drains: it stops taking in on
 * every wire, lets what runs finish, then closes. Thread-safe.
 */
public final class AnywireServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AnywireServer.class);

  private final List<Listening> listenings;
  private final List<Drainable> lasting;
  private final Duration drainLimit;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  private AnywireServer(List<Listening> listenings, List<Drainable> lasting, Duration drainLimit) {
    this.listenings = List.copyOf(listenings);
    this.lasting = List.copyOf(lasting);
    this.drainLimit = drainLimit;
  }

  /** Where it listens, in the order given, with the ports that were really bound. */
  public List<WireUrl> urls() {
    return listenings.stream().map(Listening::url).toList();
  }

  /**
   * Waits until the server has been closed. While somebody waits here, the end of the JVM (SIGTERM,
   * Ctrl-C) drains the server first.
   */
  public void await() throws InterruptedException {
    Thread drain = Thread.ofPlatform().name("anywire-drain").unstarted(this::close);
    Runtime.getRuntime().addShutdownHook(drain);
    closed.await();
    try {
      Runtime.getRuntime().removeShutdownHook(drain);
    } catch (IllegalStateException e) {
      // The JVM is ending already, and has run it.
    }
  }

  /** Drains and closes. Idempotent; a second caller waits for the first. */
  @Override
  public void close() {
    try {
      if (closing.compareAndSet(false, true)) {
        try {
          drain();
        } finally {
          listenings.forEach(AnywireServer::close);
          closed.countDown();
        }
      } else {
        closed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void drain() throws InterruptedException {
    listenings.forEach(Listening::stop);
    lasting.forEach(Drainable::drain);
    long end = System.nanoTime() + drainLimit.toNanos();
    for (Listening listening : listenings) {
      boolean unused = listening.awaitIdle(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
  }

  /** One wire that fails to close must not keep the others open. */
  private static void close(Listening listening) {
    try {
      listening.close();
    } catch (RuntimeException e) {
      log.atError().addKeyValue("url", listening.url()).setCause(e).log("A wire failed to close");
    }
  }

  /** Collects handlers and wires. Not thread-safe. */
  public static final class Builder {
    private final Anywire anywire;
    private final List<BindableService> handlers = new ArrayList<>();
    private final List<ServerInterceptor> interceptors = new ArrayList<>();
    private final List<WireUrl> urls = new ArrayList<>();
    private Duration drainLimit = Duration.ofSeconds(30);

    Builder(Anywire anywire) {
      this.anywire = anywire;
      interceptors.addAll(anywire.serverInterceptors());
    }

    /** Adds a handler: any gRPC service. A handler of an event contract is a subscriber. */
    public Builder service(BindableService handler) {
      handlers.add(handler);
      return this;
    }

    /** Adds several handlers. */
    public Builder services(Collection<? extends BindableService> more) {
      handlers.addAll(more);
      return this;
    }

    /** Adds an interceptor behind those of the runtime. */
    public Builder interceptor(ServerInterceptor interceptor) {
      interceptors.add(interceptor);
      return this;
    }

    /**
     * Serves all handlers at {@code url} too: {@code http://127.0.0.1:8080} for REST and gRPC on
     * one port, a broker's URL for calls over a queue, tasks and events.
     *
     * @throws IllegalArgumentException when no wire answers to the scheme, or the URL is malformed
     */
    public Builder listen(String url) {
      WireUrl parsed = WireUrl.parse(url);
      anywire.wire(parsed);
      urls.add(parsed);
      return this;
    }

    /** How long {@link AnywireServer#close} waits for what runs; 30 s by default. */
    public Builder drainLimit(Duration limit) {
      if (limit.isNegative()) {
        throw new IllegalArgumentException("drainLimit: " + limit + " (expected: >= 0)");
      }
      drainLimit = limit;
      return this;
    }

    /**
     * Checks the contracts and starts serving; when this returns, every wire answers.
     *
     * @throws io.anywire.contract.ContractException when a contract makes no sense
     * @throws IllegalArgumentException when a wire cannot do what a contract asks for
     * @throws java.io.UncheckedIOException when an address cannot be bound
     */
    public AnywireServer start() {
      Services services = Services.of(handlers, interceptors);
      List<Listening> started = new ArrayList<>();
      try {
        for (WireUrl url : urls) {
          started.add(anywire.wire(url).listen(url, services, anywire));
        }
      } catch (Throwable t) {
        started.forEach(Listening::close);
        throw t;
      }
      List<Drainable> lasting =
          handlers.stream().filter(Drainable.class::isInstance).map(Drainable.class::cast).toList();
      AnywireServer server = new AnywireServer(started, lasting, drainLimit);
      anywire.opened(server);
      return server;
    }
  }
}
