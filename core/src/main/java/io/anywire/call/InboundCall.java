package io.anywire.call;

import io.anywire.wire.ServedMethod;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that arrived over some wire. The wire feeds it ({@link #start}, {@link #message}, {@link
 * #halfClose}, {@link #cancel}, {@link #writable}) and sends what it is told to ({@code write…});
 * everything between is settled here:
 *
 * <ul>
 *   <li><b>Threads.</b> All callbacks are serialised. A call whose client sends one message starts
 *       when that message is complete, and interceptors, {@code onMessage} and {@code onHalfClose}
 *       run in that order on one virtual thread. A non-blocking method runs on {@code eventLoop}.
 *   <li><b>Context.</b> Every callback runs in a {@link Context} that carries the deadline and is
 *       cancelled when the peer goes, the deadline passes or the call ends.
 *   <li><b>Deadline.</b> A call whose deadline has passed is not started; one whose deadline passes
 *       while it runs is closed {@code DEADLINE_EXCEEDED} at once, whatever the handler does.
 *   <li><b>Demand.</b> No more messages are delivered than the handler asked for.
 *   <li><b>Errors.</b> What a handler throws becomes a status by {@link Failures#statusOf}.
 * </ul>
 *
 * <p>The feeding methods must be called by one thread at a time; everything else is safe for any
 * thread, as far as {@link ServerCall} is.
 */
public abstract class InboundCall<ReqT, RespT> extends ServerCall<ReqT, RespT> {
  private enum State {
    OPEN,
    CLOSED,
    CANCELLED
  }

  private final ServedMethod<ReqT, RespT> method;
  private final Mailbox mailbox;
  private final boolean collectsRequest;
  private final AtomicInteger demand = new AtomicInteger();

  /** Leaves OPEN once, and whoever moves it decides how the call ends. */
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

  private volatile boolean headersSent;
  private volatile boolean messageSent;
  private volatile boolean started;
  private volatile Context.CancellableContext context = Context.ROOT.withCancellation();

  // Touched in the mailbox only.
  private final Queue<Supplier<ReqT>> undelivered = new ArrayDeque<>(1);
  private ServerCall.@Nullable Listener<ReqT> listener;
  private boolean requestComplete;
  private boolean requestCompleteDelivered;

  /** Read by other threads too, which need only find that it is not themselves. */
  private @Nullable Thread callbackThread;

  // Touched by the feeding thread only.
  private @Nullable Metadata collectedHeaders;
  private @Nullable Supplier<ReqT> collectedMessage;

  /**
   * @param eventLoop where a non-blocking method's callbacks run
   */
  protected InboundCall(ServedMethod<ReqT, RespT> method, Executor eventLoop) {
    this(method, eventLoop, Threads.VIRTUAL);
  }

  /**
   * @param eventLoop where a non-blocking method's callbacks run
   * @param virtualThreads where all others run: starts a virtual thread for each task
   */
  protected InboundCall(
      ServedMethod<ReqT, RespT> method, Executor eventLoop, Executor virtualThreads) {
    this.method = method;
    this.mailbox = new Mailbox(method.nonBlocking() ? eventLoop : virtualThreads);
    this.collectsRequest = method.descriptor().getType().clientSendsOneMessage();
  }

  // What the wire feeds.

  /** Begins the call. {@code deadline} is the caller's, or null when it has none. */
  public final void start(Metadata headers, @Nullable Deadline deadline) {
    start(Context.ROOT, headers, deadline);
  }

  /** The same in a context that has the values of {@code base}. */
  protected final void start(Context base, Metadata headers, @Nullable Deadline deadline) {
    if (deadline == null && base != Context.ROOT) {
      context = base.withCancellation();
    } else if (deadline != null) {
      context = base.withDeadline(deadline, Threads.timerThread());
      if (deadline.isExpired()) {
        abort(deadlineExceeded(), true);
        return;
      }
      // Not on the timer's thread, since to tell the peer may take a while.
      context.addListener(this::contextCancelled, Threads.VIRTUAL);
    }
    if (!isOpen()) {
      context.cancel(null);
      return;
    }
    if (collectsRequest) {
      collectedHeaders = headers;
    } else {
      mailbox.execute(() -> begin(headers));
    }
  }

  /**
   * Delivers a message. {@code decoded} runs in the call's thread; what it throws ends the call as
   * {@code INVALID_ARGUMENT}, unless it is itself a status.
   */
  public final void message(Supplier<ReqT> decoded) {
    if (!collectsRequest) {
      mailbox.execute(() -> deliver(decoded));
    } else if (collectedMessage == null) {
      collectedMessage = decoded;
    } else {
      abort(
          Status.INTERNAL.withDescription(
              "Too many requests: 2 (expected: 1) for " + method.name()),
          true);
    }
  }

  /** Says that the client has sent everything. */
  public final void halfClose() {
    if (!isOpen()) {
      return;
    }
    if (!collectsRequest) {
      mailbox.execute(this::completeRequest);
    } else if (collectedMessage == null) {
      abort(Status.INTERNAL.withDescription("No request message for " + method.name()), true);
    } else {
      mailbox.execute(this::runCollected);
    }
  }

  /** Says that the peer is gone or wants no answer. */
  public final void cancel(Status reason) {
    abort(reason, false);
  }

  /** Says that {@link #isReady} has become true. */
  public void writable() {
    mailbox.execute(() -> {
      ServerCall.Listener<ReqT> to = listener;
      if (to != null && isOpen()) {
        inContext(to::onReady);
      }
    });
  }

  // What the wire does. Called by one thread at a time, though not always the same.

  /** Sends the response headers; the wire may hold them back until the first message or the end. */
  protected abstract void writeHeaders(Metadata headers);

  /** Sends one response message. */
  protected abstract void writeMessage(RespT message);

  /** Sends status and trailers; nothing follows. Also called without headers or messages before. */
  protected abstract void writeClose(Status status, Metadata trailers);

  /** Lets the wire take in that many messages more; never called for a collected request. */
  protected abstract void read(int messages);

  /** Runs once, when the last callback has returned: the call holds nothing any more. */
  protected void released() {}

  // io.grpc.ServerCall

  @Override
  public final void request(int messages) {
    if (messages <= 0) {
      throw new IllegalArgumentException("messages: " + messages + " (expected: > 0)");
    }
    demand.addAndGet(messages);
    if (!collectsRequest) {
      read(messages);
    }
    if (started) {
      mailbox.execute(this::pump);
    }
  }

  @Override
  public final void sendHeaders(Metadata headers) {
    if (headersSent) {
      throw new IllegalStateException("headers have been sent already for " + method.name());
    }
    headersSent = true;
    if (isOpen()) {
      writeHeaders(headers);
    }
  }

  @Override
  public final void sendMessage(RespT message) {
    if (!headersSent) {
      throw new IllegalStateException("a message before the headers for " + method.name());
    }
    if (!isOpen()) {
      if (!isCancelled()) {
        throw new IllegalStateException("a message after the close of " + method.name());
      }
      return;
    }
    if (messageSent && sendsOneMessage()) {
      fail(
          Status.INTERNAL.withDescription("Too many responses (expected: 1) for " + method.name()));
      return;
    }
    messageSent = true;
    writeMessage(message);
  }

  @Override
  public final void close(Status status, Metadata trailers) {
    // A handler that was woken by the deadline may be here before the listener of the context is.
    contextCancelled(context);
    if (status.isOk() && !messageSent && sendsOneMessage()) {
      fail(Status.INTERNAL.withDescription("Completed without a response: " + method.name()));
      return;
    }
    if (!state.compareAndSet(State.OPEN, State.CLOSED)) {
      if (!isCancelled()) {
        throw new IllegalStateException("closed already: " + method.name());
      }
      return;
    }
    writeClose(status, trailers);
    mailbox.execute(this::finish);
  }

  @Override
  public final boolean isCancelled() {
    return state.get() == State.CANCELLED;
  }

  @Override
  public final MethodDescriptor<ReqT, RespT> getMethodDescriptor() {
    return method.descriptor();
  }

  @Override
  public Attributes getAttributes() {
    return Attributes.EMPTY;
  }

  /** Whether this is the thread of a callback of this call, and one that may block. */
  protected final boolean isInCallback() {
    return !method.nonBlocking() && callbackThread == Thread.currentThread();
  }

  /** The method that is called. */
  protected final ServedMethod<ReqT, RespT> method() {
    return method;
  }

  // In the mailbox.

  private void runCollected() {
    Metadata headers = collectedHeaders;
    Supplier<ReqT> message = collectedMessage;
    if (headers == null || message == null) {
      throw new IllegalStateException("fed before its start: " + method.name());
    }
    collectedHeaders = null;
    collectedMessage = null;
    undelivered.add(message);
    requestComplete = true;
    inContext(() -> begin(headers));
  }

  private void begin(Metadata headers) {
    inContext(() -> {
      if (isOpen()) {
        listener = method.handler().startCall(this, headers);
      }
    });
    started = true;
    pump();
    if (!(collectsRequest && sendsOneMessage()) && isReady()) {
      writable();
    }
  }

  private void deliver(Supplier<ReqT> message) {
    if (isOpen()) {
      undelivered.add(message);
      pump();
    }
  }

  private void completeRequest() {
    requestComplete = true;
    pump();
  }

  private void pump() {
    ServerCall.Listener<ReqT> to = listener;
    if (to == null) {
      return;
    }
    while (isOpen() && !undelivered.isEmpty() && takeDemand()) {
      Supplier<ReqT> next = undelivered.remove();
      inContext(() -> to.onMessage(decode(next)));
    }
    if (requestComplete && undelivered.isEmpty() && !requestCompleteDelivered && isOpen()) {
      requestCompleteDelivered = true;
      inContext(to::onHalfClose);
    }
  }

  private boolean takeDemand() {
    return demand.getAndUpdate(d -> d > 0 ? d - 1 : 0) > 0;
  }

  private ReqT decode(Supplier<ReqT> encoded) {
    try {
      return encoded.get();
    } catch (RuntimeException e) {
      throw Failures.undecodable(e);
    }
  }

  private void inContext(Runnable callback) {
    if (callbackThread == Thread.currentThread()) {
      guarded(callback);
      return;
    }
    Context current = context;
    Context previous = current.attach();
    callbackThread = Thread.currentThread();
    try {
      guarded(callback);
    } finally {
      callbackThread = null;
      current.detach(previous);
    }
  }

  private void guarded(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable t) {
      Failures.Failure failure = Failures.of(t, method.name());
      fail(failure.status(), failure.trailers());
    }
  }

  private void finish() {
    undelivered.clear();
    ServerCall.Listener<ReqT> to = listener;
    listener = null;
    if (to != null) {
      inContext(isCancelled() ? to::onCancel : to::onComplete);
    }
    context.cancel(null);
    released();
  }

  // Endings.

  private void fail(Status status) {
    fail(status, new Metadata());
  }

  private void fail(Status status, Metadata trailers) {
    if (state.compareAndSet(State.OPEN, State.CANCELLED)) {
      writeClose(status, trailers);
      mailbox.execute(this::finish);
    }
  }

  private void abort(Status status, boolean tellPeer) {
    if (state.compareAndSet(State.OPEN, State.CANCELLED)) {
      if (tellPeer) {
        writeClose(status, new Metadata());
      }
      context.cancel(status.asRuntimeException());
      mailbox.execute(this::finish);
    }
  }

  private void contextCancelled(Context cancelledContext) {
    if (cancelledContext.cancellationCause() instanceof TimeoutException) {
      abort(deadlineExceeded(), true);
    }
  }

  private static Status deadlineExceeded() {
    return Status.DEADLINE_EXCEEDED.withDescription("the deadline passed before the call ended");
  }

  private boolean isOpen() {
    return state.get() == State.OPEN;
  }

  private boolean sendsOneMessage() {
    return method.descriptor().getType().serverSendsOneMessage();
  }
}
