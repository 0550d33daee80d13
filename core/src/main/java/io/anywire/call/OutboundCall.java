package io.anywire.call;

import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that some wire carries. The wire does what it is told ({@code open}, {@code write…},
 * {@code read}, {@code abort}) and reports what comes back ({@link #headers}, {@link #message},
 * {@link #closed}, or all of it by {@link #answered}, and {@link #writable}); everything between is
 * settled here:
 *
 * <ul>
 *   <li><b>Threads.</b> All callbacks are serialised on {@link CallOptions#getExecutor}, a virtual
 *       thread where there is none.
 *   <li><b>Deadline.</b> The smaller of the {@link CallOptions}' and the {@link Context}'s. Its own
 *       timer is the authority: the call ends {@code DEADLINE_EXCEEDED} when it fires.
 *   <li><b>Cancellation</b> of the {@link Context} or the call ends it and tells the wire.
 *   <li><b>Credentials</b> are asked for before the wire is opened; what is sent meanwhile waits.
 *   <li><b>Demand.</b> No more messages are delivered than were requested; the status follows the
 *       last of them.
 * </ul>
 *
 * <p>What reports is safe for any thread; {@link ClientCall}'s own methods as far as it says.
 */
public abstract class OutboundCall<ReqT, RespT> extends ClientCall<ReqT, RespT> {
  private final MethodDescriptor<ReqT, RespT> method;
  private final CallOptions options;
  private final Mailbox mailbox;
  private final AtomicInteger demand = new AtomicInteger();

  /** Why the call was ended here, which beats a status that waits for messages to be taken. */
  private final AtomicReference<Status> endedHere = new AtomicReference<>();

  private final Context context = Context.current();
  private final Context.CancellationListener contextListener = this::contextCancelled;

  /** What waits for the credentials. */
  private final Queue<Runnable> waiting = new ArrayDeque<>(0);

  private final ReentrantLock opening = new ReentrantLock();

  /** Nothing waits any more, so that what is told goes to the wire without a lock. */
  private volatile boolean open;

  /** Something waits for demand. */
  private volatile boolean starving;

  private volatile @Nullable Future<?> deadlineTimer;

  // Touched in the mailbox only.
  private final Queue<Supplier<RespT>> undelivered = new ArrayDeque<>(1);
  private @Nullable Status finalStatus;
  private Metadata finalTrailers = new Metadata();

  private volatile boolean closeDelivered;
  private volatile @Nullable Listener<RespT> listener;

  protected OutboundCall(MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    this.method = method;
    this.options = options;
    Executor executor = options.getExecutor();
    this.mailbox = new Mailbox(executor == null ? Threads.VIRTUAL : executor);
  }

  // What the wire does.

  /**
   * Opens the call.
   *
   * @param deadline what is to be told to the other side, or null when the call has none
   */
  protected abstract void open(Metadata headers, @Nullable Deadline deadline);

  /**
   * What has to be there before {@link #open} and may take long, such as a connection: it runs in a
   * thread of its own, so that neither the caller's thread nor its deadline waits for it. Null when
   * it is there. An exception ends the call.
   */
  protected @Nullable Runnable preparation() {
    return null;
  }

  /** Sends one message; after {@link #open}. */
  protected abstract void write(ReqT message);

  /** Says that all messages have been sent. */
  protected abstract void writeEnd();

  /** Lets the wire take in that many messages more. */
  protected abstract void read(int messages);

  /** Tells the other side that nobody waits any more. Also called when {@link #open} never was. */
  protected abstract void abort(Status reason);

  /** What the other side is known as, for credentials. */
  protected abstract String authority();

  /** How well the wire keeps secrets; credentials may ask for more than it gives. */
  protected SecurityLevel securityLevel() {
    return SecurityLevel.NONE;
  }

  // What the wire reports.

  /** Response headers have arrived. */
  protected final void headers(Metadata headers) {
    mailbox.execute(() -> {
      Listener<RespT> to = listener;
      if (to != null && !closeDelivered && finalStatus == null) {
        deliver(() -> to.onHeaders(headers));
      }
    });
  }

  /** A message has arrived. {@code decoded} runs in the caller's thread. */
  protected final void message(Supplier<RespT> decoded) {
    mailbox.execute(() -> {
      undelivered.add(decoded);
      pump();
    });
  }

  /** The call is over; what arrived before is delivered first. */
  protected final void closed(Status status, Metadata trailers) {
    mailbox.execute(() -> end(status, trailers));
  }

  /**
   * The whole answer to a call with one response has arrived: what {@link #headers}, {@link
   * #message} and {@link #closed} would report, for one turn of the caller's thread.
   */
  protected final void answered(
      Metadata headers, @Nullable Supplier<RespT> message, Status status, Metadata trailers) {
    mailbox.execute(() -> {
      Listener<RespT> to = listener;
      if (to != null && !closeDelivered && finalStatus == null && endedHere.get() == null) {
        deliver(() -> to.onHeaders(headers));
      }
      if (message != null) {
        undelivered.add(message);
      }
      end(status, trailers);
    });
  }

  /** {@link #isReady} has become true. */
  protected final void writable() {
    mailbox.execute(() -> {
      Listener<RespT> to = listener;
      if (to != null && finalStatus == null) {
        deliver(to::onReady);
      }
    });
  }

  /** The method that is called. */
  protected final MethodDescriptor<ReqT, RespT> method() {
    return method;
  }

  /** The options of this call. */
  protected final CallOptions options() {
    return options;
  }

  /** The deadline: the smaller of the options' and the context's, or null when neither has one. */
  protected final @Nullable Deadline deadline() {
    Deadline own = options.getDeadline();
    Deadline inherited = context.getDeadline();
    if (own == null || inherited == null) {
      return own == null ? inherited : own;
    }
    return own.minimum(inherited);
  }

  /** How long it is until the deadline, 0 or less when it has passed; a day where there is none. */
  protected final Duration timeLeft() {
    Deadline deadline = deadline();
    return deadline == null
        ? Duration.ofDays(1)
        : Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS));
  }

  // io.grpc.ClientCall

  @Override
  public final void start(Listener<RespT> responseListener, Metadata headers) {
    if (listener != null) {
      throw new IllegalStateException("started already: " + method.getFullMethodName());
    }
    listener = responseListener;
    if (context.isCancelled()) {
      contextCancelled(context);
      return;
    }
    Deadline deadline = deadline();
    if (deadline != null) {
      if (deadline.isExpired()) {
        deadlinePassed(deadline);
        return;
      }
      deadlineTimer =
          Threads.timerThread()
              .schedule(
                  () -> deadlinePassed(deadline),
                  deadline.timeRemaining(TimeUnit.NANOSECONDS),
                  TimeUnit.NANOSECONDS);
    }
    context.addListener(contextListener, Runnable::run);
    CallCredentials credentials = options.getCredentials();
    if (credentials == null) {
      openWith(headers, deadline);
    } else {
      credentials.applyRequestMetadata(
          new Request(), Threads.VIRTUAL, new Applied(headers, deadline));
    }
  }

  @Override
  public final void request(int messages) {
    if (messages < 0) {
      throw new IllegalArgumentException("messages: " + messages + " (expected: >= 0)");
    }
    demand.addAndGet(messages);
    if (!open) {
      whenOpen(() -> read(messages));
    } else if (!isOver()) {
      read(messages);
    }
    if (starving) {
      mailbox.execute(this::pump);
    }
  }

  @Override
  public final void sendMessage(ReqT message) {
    if (!open) {
      whenOpen(() -> writeOrEnd(message));
    } else if (!isOver()) {
      writeOrEnd(message);
    }
  }

  @Override
  public final void halfClose() {
    if (!open) {
      whenOpen(this::writeEnd);
    } else if (!isOver()) {
      writeEnd();
    }
  }

  @Override
  public final void cancel(@Nullable String message, @Nullable Throwable cause) {
    Status status = Status.CANCELLED.withCause(cause);
    endHere(status.withDescription(message == null ? "the call was cancelled" : message));
  }

  // Opening.

  private void openWith(Metadata headers, @Nullable Deadline deadline) {
    Runnable preparation = preparation();
    if (preparation == null) {
      openNow(headers, deadline);
    } else {
      Threads.VIRTUAL.execute(() -> {
        try {
          preparation.run();
        } catch (RuntimeException e) {
          Metadata trailers = Status.trailersFromThrowable(e);
          closed(Status.fromThrowable(e), trailers == null ? new Metadata() : trailers);
          return;
        }
        openNow(headers, deadline);
      });
    }
  }

  private void openNow(Metadata headers, @Nullable Deadline deadline) {
    opening.lock();
    try {
      if (isOver()) {
        return;
      }
      open(headers, deadline);
      @Nullable Runnable step;
      while ((step = waiting.poll()) != null) {
        step.run();
      }
      open = true;
    } finally {
      opening.unlock();
    }
  }

  private void whenOpen(Runnable step) {
    opening.lock();
    try {
      if (isOver()) {
        return;
      }
      if (open) {
        step.run();
      } else {
        waiting.add(step);
      }
    } finally {
      opening.unlock();
    }
  }

  private void writeOrEnd(ReqT message) {
    try {
      write(message);
    } catch (StatusRuntimeException e) {
      endHere(e.getStatus());
    }
  }

  private boolean isOver() {
    return endedHere.get() != null || closeDelivered;
  }

  // In the mailbox.

  private void end(Status status, Metadata trailers) {
    if (finalStatus == null) {
      finalStatus = status;
      finalTrailers = trailers;
    }
    pump();
  }

  private void pump() {
    Listener<RespT> to = listener;
    if (to == null || closeDelivered) {
      return;
    }
    deliverDemanded(to);
    Status here = endedHere.get();
    if (here != null) {
      close(to, here, new Metadata());
    } else if (finalStatus != null && undelivered.isEmpty()) {
      close(to, finalStatus, finalTrailers);
    }
  }

  private void deliverDemanded(Listener<RespT> to) {
    starving = false;
    while (!undelivered.isEmpty() && endedHere.get() == null) {
      if (takeDemand()) {
        Supplier<RespT> next = undelivered.remove();
        deliver(() -> to.onMessage(next.get()));
      } else if (starving) {
        return;
      } else {
        // Said before demand is looked at once more, so that no request goes unseen.
        starving = true;
      }
    }
  }

  private void close(Listener<RespT> to, Status status, Metadata trailers) {
    closeDelivered = true;
    undelivered.clear();
    release();
    to.onClose(status, trailers);
  }

  private boolean takeDemand() {
    return demand.getAndUpdate(d -> d > 0 ? d - 1 : 0) > 0;
  }

  private void deliver(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable t) {
      Status status = Status.fromThrowable(t);
      endHere(
          status.getCode() == Status.Code.UNKNOWN
              ? Status.CANCELLED.withDescription("the response could not be taken").withCause(t)
              : status);
    }
  }

  // Endings.

  private void endHere(Status status) {
    if (!closeDelivered && endedHere.compareAndSet(null, status)) {
      release();
      abort(status);
      mailbox.execute(this::pump);
    }
  }

  private void release() {
    context.removeListener(contextListener);
    Future<?> timer = deadlineTimer;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private void contextCancelled(Context cancelled) {
    Throwable cause = cancelled.cancellationCause();
    Deadline deadline = deadline();
    if (deadline != null && deadline.isExpired()) {
      deadlinePassed(deadline);
    } else {
      endHere(Status.CANCELLED.withDescription("the context was cancelled").withCause(cause));
    }
  }

  private void deadlinePassed(Deadline deadline) {
    long late = -deadline.timeRemaining(TimeUnit.MILLISECONDS);
    endHere(
        Status.DEADLINE_EXCEEDED.withDescription(
            "the deadline of " + method.getFullMethodName() + " passed " + late + " ms ago"));
  }

  // Credentials.

  private final class Request extends CallCredentials.RequestInfo {
    @Override
    public MethodDescriptor<?, ?> getMethodDescriptor() {
      return method;
    }

    @Override
    public CallOptions getCallOptions() {
      return options;
    }

    @Override
    public SecurityLevel getSecurityLevel() {
      return securityLevel();
    }

    @Override
    public String getAuthority() {
      String override = options.getAuthority();
      return override == null ? authority() : override;
    }

    @Override
    public Attributes getTransportAttrs() {
      return Attributes.EMPTY;
    }
  }

  private final class Applied extends CallCredentials.MetadataApplier {
    private final Metadata headers;
    private final @Nullable Deadline deadline;

    Applied(Metadata headers, @Nullable Deadline deadline) {
      this.headers = headers;
      this.deadline = deadline;
    }

    @Override
    public void apply(Metadata credentials) {
      headers.merge(credentials);
      openWith(headers, deadline);
    }

    @Override
    public void fail(Status status) {
      endHere(status);
    }
  }
}
