package io.anywire.broker.remote;

import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.remote.RemoteBroker.AutoCloseableQuietly;
import io.anywire.broker.remote.v1.BrokerServiceGrpc.BrokerServiceStub;
import io.anywire.broker.remote.v1.SubscribeRequest;
import io.anywire.broker.remote.v1.SubscribeResponse;
import io.anywire.call.Threads;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription at a broker in another process: a stream that is opened again when it breaks. What
 * was in flight then is delivered again, to whomever; settling it changes nothing.
 */
final class RemoteSubscription implements Subscription, AutoCloseableQuietly {
  private static final Logger log = LoggerFactory.getLogger(RemoteSubscription.class);
  private static final int ANSWER_SECONDS = 10;
  private static final int SETTLE_BYTES = 32;
  private static final Outcome AT_ONCE = new Outcome.RetryAfter(Duration.ofMillis(1), false);

  private final BrokerServiceStub stub;
  private final SubscribeRequest.Open opening;
  private final Consumer<Delivery> receiver;
  private final Consumer<AutoCloseableQuietly> closing;
  private final CompletableFuture<Void> firstOpened = new CompletableFuture<>();
  private final Reconnecting reconnecting = new Reconnecting(this::open);
  private final ReentrantLock sending = new ReentrantLock();

  /** Held while a message is handed over, so that nothing is after {@link #stop}. */
  private final ReentrantLock gate = new ReentrantLock();

  private boolean quiet;
  private @Nullable Stream stream;
  private boolean stopped;
  private boolean closed;

  RemoteSubscription(
      BrokerServiceStub stub,
      SubscribeRequest.Open opening,
      Consumer<Delivery> receiver,
      Consumer<AutoCloseableQuietly> closing) {
    this.stub = stub;
    this.receiver = receiver;
    this.closing = closing;
    this.opening = opening;
  }

  /** Opens the stream and waits for the broker to confirm. */
  RemoteSubscription started() {
    reconnecting.now();
    try {
      firstOpened.get(ANSWER_SECONDS, TimeUnit.SECONDS);
      return this;
    } catch (ExecutionException e) {
      close();
      throw e.getCause() instanceof StatusRuntimeException status
          ? status
          : Status.UNKNOWN.withCause(e).asRuntimeException();
    } catch (TimeoutException e) {
      close();
      throw Status.UNAVAILABLE
          .withDescription("the broker did not answer within " + ANSWER_SECONDS + " s")
          .asRuntimeException();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
    }
  }

  @Override
  public void stop() {
    handOverNothing();
    sending.lock();
    try {
      if (!stopped && stream != null) {
        stream.send(request -> request.setStop(true));
      }
      stopped = true;
    } finally {
      sending.unlock();
    }
  }

  @Override
  public void abandon() {
    handOverNothing();
    sending.lock();
    try {
      stopped = true;
      if (!closed && stream != null) {
        stream.cancel("abandoned");
      }
      closed = true;
    } finally {
      sending.unlock();
    }
    closing.accept(this);
  }

  @Override
  public void close() {
    handOverNothing();
    sending.lock();
    try {
      stopped = true;
      if (!closed && stream != null) {
        stream.complete();
      }
      closed = true;
    } finally {
      sending.unlock();
    }
    closing.accept(this);
  }

  /** What still arrives goes back. */
  private void handOverNothing() {
    gate.lock();
    try {
      quiet = true;
    } finally {
      gate.unlock();
    }
  }

  private void open() {
    sending.lock();
    try {
      if (!stopped) {
        Stream fresh = new Stream();
        stub.subscribe(fresh);
        stream = fresh;
        fresh.send(request -> request.setOpen(opening));
      }
    } finally {
      sending.unlock();
    }
  }

  /** One connection's worth of deliveries. */
  private final class Stream
      implements ClientResponseObserver<SubscribeRequest, SubscribeResponse> {
    private final Map<Long, CompletableFuture<Void>> unconfirmed = new ConcurrentHashMap<>();
    private volatile @Nullable ClientCallStreamObserver<SubscribeRequest> call;
    private volatile @Nullable Batching<SubscribeRequest.Builder> requests;
    private volatile boolean over;
    private volatile long lastHeard = System.nanoTime();
    private volatile @Nullable Future<?> renewing;

    @Override
    public void beforeStart(ClientCallStreamObserver<SubscribeRequest> stream) {
      call = stream;
      Batching<SubscribeRequest.Builder> sender =
          new Batching<>(stream, SubscribeRequest::newBuilder, SubscribeRequest.Builder::build);
      stream.setOnReadyHandler(sender::ready);
      requests = sender;
    }

    void send(Consumer<SubscribeRequest.Builder> part) {
      Batching<SubscribeRequest.Builder> sender = requests;
      if (sender != null) {
        sender.add(SETTLE_BYTES, part);
      }
    }

    void complete() {
      ClientCallStreamObserver<SubscribeRequest> open = call;
      Batching<SubscribeRequest.Builder> sender = requests;
      if (open != null && sender != null) {
        sender.endAfterAll(open::onCompleted);
      }
    }

    void cancel(String why) {
      ClientCallStreamObserver<SubscribeRequest> open = call;
      if (open != null) {
        open.cancel(why, null);
      }
    }

    /** Renews the lease in good time; a broker that is silent for as long is given up. */
    private void renewWithin(Duration lease) {
      long pause = Math.max(1, lease.toMillis() / 3);
      renewing =
          Threads.timerThread()
              .scheduleWithFixedDelay(
                  () -> Threads.VIRTUAL.execute(() -> renew(lease)),
                  pause,
                  pause,
                  TimeUnit.MILLISECONDS);
    }

    private void renew(Duration lease) {
      if (System.nanoTime() - lastHeard > lease.toNanos()) {
        cancel("the broker is silent");
      } else {
        send(request -> request.setRenew(true));
      }
    }

    @Override
    public void onNext(SubscribeResponse response) {
      lastHeard = System.nanoTime();
      if (response.hasOpened()) {
        reconnecting.succeeded();
        renewWithin(Translation.duration(response.getOpened().getLease()));
        firstOpened.complete(null);
      }
      for (SubscribeResponse.Delivery delivery : response.getDeliveriesList()) {
        receive(new Lease(this, delivery));
      }
      for (long lease : response.getSettledList()) {
        CompletableFuture<Void> settled = unconfirmed.remove(lease);
        if (settled != null) {
          settled.complete(null);
        }
      }
    }

    private void receive(Lease lease) {
      gate.lock();
      try {
        if (quiet) {
          // To others, who need not wait until what is in hand here has been done.
          var unused = lease.settle(AT_ONCE);
        } else {
          receiver.accept(lease);
        }
      } catch (RuntimeException e) {
        // The message stays in flight until the subscription closes; the stream goes on.
        log.atError().setCause(e).log("A receiver failed");
      } finally {
        gate.unlock();
      }
    }

    @Override
    public void onError(Throwable t) {
      ended(Status.fromThrowable(t));
    }

    @Override
    public void onCompleted() {
      ended(Status.UNAVAILABLE.withDescription("the broker ended the subscription"));
    }

    private void ended(Status status) {
      sending.lock();
      try {
        over = true;
        Future<?> timer = renewing;
        if (timer != null) {
          timer.cancel(false);
        }
      } finally {
        sending.unlock();
      }
      StatusRuntimeException failure = status.asRuntimeException();
      unconfirmed.values().forEach(settled -> settled.completeExceptionally(failure));
      unconfirmed.clear();
      if (!firstOpened.isDone()) {
        firstOpened.completeExceptionally(failure);
      } else if (!stopped) {
        reconnecting.later();
      }
    }
  }

  private static final class Lease implements Delivery {
    private final Stream stream;
    private final SubscribeResponse.Delivery delivery;
    private final Message message;
    private final AtomicReference<CompletableFuture<Void>> settled = new AtomicReference<>();

    Lease(Stream stream, SubscribeResponse.Delivery delivery) {
      this.stream = stream;
      this.delivery = delivery;
      this.message = Translation.message(delivery.getMessage());
    }

    @Override
    public Message message() {
      return message;
    }

    @Override
    public int attempts() {
      return delivery.getAttempts();
    }

    @Override
    public int crashes() {
      return delivery.getCrashes();
    }

    @Override
    public CompletionStage<Void> settle(Outcome outcome) {
      CompletableFuture<Void> first = new CompletableFuture<>();
      if (!settled.compareAndSet(null, first)) {
        return Objects.requireNonNullElse(settled.get(), first);
      }
      stream.unconfirmed.put(delivery.getLease(), first);
      SubscribeRequest.Settle settle = Translation.settle(delivery.getLease(), outcome);
      stream.send(request -> request.addSettle(settle));
      if (stream.over) {
        stream.unconfirmed.remove(delivery.getLease());
        first.completeExceptionally(
            Status.UNAVAILABLE.withDescription("the lease was lost").asRuntimeException());
      }
      return first;
    }
  }
}
