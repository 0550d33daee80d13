package io.anywire.http.client;

import io.anywire.http.netty.Outbox;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 to one server. It connects when the first request wants to begin; a request takes the
 * first connection with room, further connections are made when there is none, up to the settings'
 * limit, and requests wait beyond. A lost connection is made anew by the next request; after a
 * failure to connect, requests fail at once until the back-off is over, but for those that wait for
 * a ready server.
 *
 * <p>All connections share one event loop, so that nothing here needs a lock. The public methods
 * are for any thread, the others for the event loop.
 */
public final class Http2Client {
  /** A connection beyond the first is closed when it was idle for so long. */
  private static final long SURPLUS_SECONDS = 30;

  private final InetSocketAddress address;
  private final String target;
  private final ClientSettings settings;
  private final EventLoop loop = EventLoops.take();
  private final Outbox outbox = new Outbox(loop, this::flush);
  private final Connectivity connectivity = new Connectivity();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final List<Http2ClientConnection> ready = new ArrayList<>();
  private final List<Http2ClientConnection> unflushed = new ArrayList<>();
  private final Set<ClientStream> waiting = new LinkedHashSet<>();
  private @Nullable Duration keepAlive;
  private @Nullable ConnectAttempt attempt;
  private @Nullable Future<?> pause;
  private Status failure = Status.UNAVAILABLE;
  private int failures;
  private int draining;
  private boolean closed;
  private boolean released;

  /** A client that connects to {@code host}, resolved at each attempt, when it is needed. */
  public Http2Client(String host, int port, ClientSettings settings) {
    this.address = InetSocketAddress.createUnresolved(host, port);
    this.target = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    this.settings = settings;
    this.keepAlive = settings.keepAlive().orElse(null);
  }

  /** Runs a step on the event loop, after those that were given before, and flushes. */
  public void execute(Runnable step) {
    outbox.add(step);
  }

  /** The state; {@code connect} connects when it is idle. */
  public ConnectivityState state(boolean connect) {
    ConnectivityState now = connectivity.state();
    if (connect && now == ConnectivityState.IDLE) {
      execute(() -> {
        if (ready.isEmpty() && pause == null) {
          connect();
        }
      });
    }
    return now;
  }

  /** Runs {@code callback} once, when the state is not {@code source} any more. */
  public void whenNot(ConnectivityState source, Runnable callback) {
    connectivity.watch(source, callback);
  }

  /** Tries to connect at once where a back-off is waited for. */
  public void resetBackoff() {
    execute(() -> {
      failures = 0;
      if (pause != null) {
        pauseOver();
      }
    });
  }

  /** Closes connections with their last request; the next request connects anew. */
  public void becomeIdle() {
    execute(() -> List.copyOf(ready).forEach(Http2ClientConnection::retire));
  }

  /** Takes no more requests, and closes each connection with its last. Idempotent. */
  public void close() {
    if (closing.compareAndSet(false, true)) {
      connectivity.become(ConnectivityState.SHUTDOWN);
      execute(this::end);
    }
  }

  // Requests.

  /** Gives a request its stream, now or later. */
  void place(ClientStream request) {
    Http2ClientConnection free = withRoom();
    if (free != null) {
      free.open(request);
    } else if (closed) {
      request.fail(ConnectAttempt.closed());
    } else if (pause != null && ready.isEmpty() && !request.waitsForReady()) {
      request.fail(failure);
    } else {
      waiting.add(request);
      request.waiting();
      connect();
    }
  }

  void forget(ClientStream request) {
    waiting.remove(request);
  }

  private @Nullable Http2ClientConnection withRoom() {
    for (Http2ClientConnection connection : ready) {
      if (connection.hasRoom()) {
        return connection;
      }
    }
    return null;
  }

  /** A connection may have become able to take a request that waits. */
  void roomChanged() {
    while (!waiting.isEmpty()) {
      Http2ClientConnection free = withRoom();
      if (free == null) {
        return;
      }
      ClientStream next = waiting.iterator().next();
      waiting.remove(next);
      free.open(next);
    }
  }

  // Connections.

  private void connect() {
    if (closed || attempt != null || pause != null || ready.size() >= settings.connections()) {
      return;
    }
    ConnectAttempt fresh = new ConnectAttempt(this, address);
    attempt = fresh;
    showState();
    fresh.start();
  }

  void connected(Http2ClientConnection connection) {
    ConnectAttempt made = attempt;
    if (made == null || !made.succeeded(connection)) {
      draining++;
      connection.retire();
      return;
    }
    attempt = null;
    failures = 0;
    ready.add(connection);
    showState();
    roomChanged();
    connectForWaiting();
  }

  void notConnected(Status why, long ageNanos) {
    attempt = null;
    failure = why;
    failures++;
    long left = settings.backoff().after(failures).toNanos() - ageNanos;
    pause = loop.schedule(this::pauseOver, Math.max(0, left), TimeUnit.NANOSECONDS);
    showState();
    if (ready.isEmpty()) {
      failThoseThatDoNotWait(why);
    }
    flush();
  }

  private void failThoseThatDoNotWait(Status why) {
    for (ClientStream request : List.copyOf(waiting)) {
      if (!request.waitsForReady()) {
        waiting.remove(request);
        request.fail(why);
      }
    }
  }

  private void pauseOver() {
    Future<?> timer = pause;
    if (timer != null) {
      timer.cancel(false);
    }
    pause = null;
    connectForWaiting();
    showState();
  }

  private void connectForWaiting() {
    if (!waiting.isEmpty()) {
      connect();
    }
  }

  /** A connection takes no more requests. */
  void retired(Http2ClientConnection connection) {
    if (ready.remove(connection)) {
      draining++;
      connectForWaiting();
      showState();
    }
  }

  /** A connection that had been ready is gone. */
  void lost(Http2ClientConnection connection) {
    if (!ready.remove(connection)) {
      draining--;
    }
    connectForWaiting();
    showState();
    releaseIfEnded();
  }

  /** A connection has nothing to do; the first is kept. */
  void idle(Http2ClientConnection connection) {
    if (ready.indexOf(connection) > 0) {
      loop.schedule(
          () -> {
            if (connection.isIdle() && ready.indexOf(connection) > 0) {
              connection.retire();
            }
          },
          SURPLUS_SECONDS,
          TimeUnit.SECONDS);
    }
  }

  private void showState() {
    connectivity.become(
        !ready.isEmpty()
            ? ConnectivityState.READY
            : attempt != null
                ? ConnectivityState.CONNECTING
                : pause != null ? ConnectivityState.TRANSIENT_FAILURE : ConnectivityState.IDLE);
  }

  /** A server counts our PINGs as too many: from now on half as often (gRPC A8). */
  void tooManyPings() {
    Duration now = keepAlive;
    if (now != null) {
      keepAlive = now.multipliedBy(2);
    }
  }

  private void end() {
    closed = true;
    ConnectAttempt running = attempt;
    if (running != null) {
      running.cancel();
      attempt = null;
    }
    List<ClientStream> unserved = List.copyOf(waiting);
    waiting.clear();
    unserved.forEach(request -> request.fail(ConnectAttempt.closed()));
    List.copyOf(ready).forEach(Http2ClientConnection::retire);
    if (pause != null) {
      pause.cancel(false);
      pause = null;
    }
    releaseIfEnded();
  }

  private void releaseIfEnded() {
    if (closed && !released && ready.isEmpty() && draining == 0) {
      released = true;
      EventLoops.release();
    }
  }

  // Writing.

  void unflushed(Http2ClientConnection connection) {
    unflushed.add(connection);
  }

  /** Writes to the sockets what was written to connections. */
  void flush() {
    for (int i = 0; i < unflushed.size(); i++) {
      unflushed.get(i).flushWritten();
    }
    unflushed.clear();
  }

  Outbox outbox() {
    return outbox;
  }

  EventLoop loop() {
    return loop;
  }

  ClientSettings settings() {
    return settings;
  }

  /** Host and port, for messages. */
  String target() {
    return target;
  }

  /** After how much silence a PING asks, or null for never. */
  @Nullable Duration keepAlive() {
    return keepAlive;
  }
}
