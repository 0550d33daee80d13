package io.anywire.broker.remote;

import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Subscription;
import io.anywire.broker.remote.BrokerHandler.Lasting;
import io.anywire.broker.remote.v1.SubscribeRequest;
import io.anywire.broker.remote.v1.SubscribeResponse;
import io.anywire.call.Threads;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream of deliveries. What is in flight is bounded by what the client asked for, so
 * nothing piles up here behind a slow client. Requests arrive one at a time.
 */
final class ServedSubscription implements StreamObserver<SubscribeRequest>, Lasting {
  private static final SubscribeResponse RENEWED =
      SubscribeResponse.newBuilder()
          .setRenewed(SubscribeResponse.Renewed.getDefaultInstance())
          .build();

  private final Broker broker;
  private final StreamObserver<SubscribeResponse> out;
  private final ReentrantLock sending = new ReentrantLock();
  private final Map<Long, Delivery> leases = new ConcurrentHashMap<>();
  private final AtomicLong lastLease = new AtomicLong();
  private final Set<Lasting> lasting;
  private volatile @Nullable Subscription subscription;
  private boolean over;

  private final Duration lease;
  private final Future<?> watching;
  private volatile long lastHeard = System.nanoTime();

  ServedSubscription(
      Broker broker, StreamObserver<SubscribeResponse> out, Set<Lasting> lasting, Duration lease) {
    this.lease = lease;
    this.broker = broker;
    this.out = out;
    this.lasting = lasting;
    lasting.add(this);
    // With a handler, deliveries to a client that is gone are dropped rather than refused.
    ((ServerCallStreamObserver<SubscribeResponse>) out).setOnCancelHandler(() -> {});
    long look = Math.max(1, lease.toMillis() / 4);
    this.watching =
        Threads.timerThread().scheduleWithFixedDelay(this::look, look, look, TimeUnit.MILLISECONDS);
  }

  @Override
  public void onNext(SubscribeRequest request) {
    lastHeard = System.nanoTime();
    Subscription open = subscription;
    if (request.hasOpen() != (open == null)) {
      throw Status.INVALID_ARGUMENT
          .withDescription("step: " + request.getStepCase() + " (expected: OPEN first, and once)")
          .asRuntimeException();
    }
    switch (request.getStepCase()) {
      case OPEN -> open(request.getOpen());
      case SETTLE -> settle(request.getSettle());
      case STOP -> {
        if (open != null) {
          open.stop();
        }
      }
      case RENEW -> send(RENEWED);
      case STEP_NOT_SET ->
          throw Status.INVALID_ARGUMENT
              .withDescription("a request without a step (expected: open, settle, stop or renew)")
              .asRuntimeException();
    }
  }

  @Override
  public void onError(Throwable t) {
    over(Subscription::abandon, () -> {});
  }

  @Override
  public void onCompleted() {
    over(Subscription::close, out::onCompleted);
  }

  @Override
  public void end() {
    over(Subscription::close, () -> out.onError(BrokerHandler.stopping()));
  }

  /** Gives up a client that is silent: its process may hang, or its machine be gone. */
  private void look() {
    if (System.nanoTime() - lastHeard > lease.toNanos()) {
      watching.cancel(false);
      Status silent =
          Status.UNAVAILABLE.withDescription(
              "nothing was heard of the subscriber for " + lease + ", which is its lease");
      Threads.VIRTUAL.execute(
          () -> over(Subscription::abandon, () -> out.onError(silent.asRuntimeException())));
    }
  }

  private void over(Consumer<Subscription> leaving, Runnable ending) {
    watching.cancel(false);
    lasting.remove(this);
    Subscription open = subscription;
    if (open != null) {
      leaving.accept(open);
    }
    sending.lock();
    try {
      if (!over) {
        over = true;
        ending.run();
      }
    } finally {
      sending.unlock();
    }
  }

  private void open(SubscribeRequest.Open open) {
    // Held, so that the first delivery does not overtake the answer.
    sending.lock();
    try {
      subscription =
          broker.subscribe(
              Translation.topic(open.getTopic()),
              open.getName(),
              Translation.options(open),
              this::deliver);
      out.onNext(
          SubscribeResponse.newBuilder()
              .setOpened(
                  SubscribeResponse.Opened.newBuilder().setLease(Translation.duration(lease)))
              .build());
    } finally {
      sending.unlock();
    }
  }

  private void deliver(Delivery delivery) {
    long lease = lastLease.incrementAndGet();
    leases.put(lease, delivery);
    send(
        SubscribeResponse.newBuilder()
            .setDelivery(
                SubscribeResponse.Delivery.newBuilder()
                    .setLease(lease)
                    .setMessage(Translation.message(delivery.message()))
                    .setAttempts(delivery.attempts())
                    .setCrashes(delivery.crashes()))
            .build());
  }

  private void settle(SubscribeRequest.Settle settle) {
    Delivery delivery = leases.remove(settle.getLease());
    if (delivery == null) {
      send(SubscribeResponse.newBuilder().setSettled(settle.getLease()).build());
      return;
    }
    delivery
        .settle(Translation.outcome(settle))
        .whenComplete((done, failure) -> {
          if (failure == null) {
            send(SubscribeResponse.newBuilder().setSettled(settle.getLease()).build());
          }
        });
  }

  private void send(SubscribeResponse response) {
    sending.lock();
    try {
      if (!over) {
        out.onNext(response);
      }
    } finally {
      sending.unlock();
    }
  }
}
