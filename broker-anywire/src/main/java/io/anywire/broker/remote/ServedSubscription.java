package io.anywire.broker.remote;

import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.remote.v1.SubscribeRequest;
import io.anywire.broker.remote.v1.SubscribeResponse;
import io.anywire.call.Threads;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream of deliveries. What is in flight is bounded by what the client asked for; of
 * what he does not read nothing is encoded, so that no more than references pile up here behind a
 * slow client. Requests arrive one at a time.
 */
final class ServedSubscription implements StreamObserver<SubscribeRequest>, Lasting {
  private static final int OVERHEAD_BYTES = 256;
  private static final int MAX_IN_FLIGHT = 65_535;
  private static final int ANSWER_BYTES = 16;

  private final Broker broker;
  private final StreamObserver<SubscribeResponse> out;
  private final Client.Call call;
  private final Batching<SubscribeResponse.Builder> responses;
  private final Map<Long, Delivery> leases = new ConcurrentHashMap<>();
  private final AtomicLong lastLease = new AtomicLong();
  private final Lasting.All lasting;
  private final Duration lease;
  private final Future<?> watching;
  private final AtomicBoolean over = new AtomicBoolean();
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable Subscription subscription;
  private volatile long lastHeard = System.nanoTime();
  private int inFlight;

  ServedSubscription(
      Broker broker,
      ServerCallStreamObserver<SubscribeResponse> out,
      Client.Call call,
      Lasting.All lasting,
      Duration lease) {
    this.lease = lease;
    this.broker = broker;
    this.out = out;
    this.call = call;
    this.lasting = lasting;
    this.responses =
        new Batching<>(out, SubscribeResponse::newBuilder, SubscribeResponse.Builder::build);
    out.setOnReadyHandler(responses::ready);
    // With a handler, deliveries to a client that is gone are dropped rather than refused.
    out.setOnCancelHandler(() -> {});
    long look = Math.max(1, lease.toMillis() / 4);
    this.watching =
        Threads.timerThread().scheduleWithFixedDelay(this::look, look, look, TimeUnit.MILLISECONDS);
    lasting.add(this);
  }

  @Override
  public void onNext(SubscribeRequest request) {
    lastHeard = System.nanoTime();
    Subscription open = subscription;
    if (request.hasOpen() != (open == null)) {
      throw Status.INVALID_ARGUMENT
          .withDescription(
              request.hasOpen() ? "open (expected: once)" : "no open (expected: first of all)")
          .asRuntimeException();
    }
    responses.together(() -> {
      if (open == null) {
        openUnlessOver(request.getOpen());
      }
      request.getSettleList().forEach(this::settle);
      if (request.getRenew()) {
        responses.add(ANSWER_BYTES, response -> response.setRenewed(true));
      }
    });
    if (request.getStop() && open != null) {
      open.stop();
    }
  }

  @Override
  public void onError(Throwable t) {
    over(Subscription::abandon, () -> responses.endNow(() -> {}));
  }

  @Override
  public void onCompleted() {
    over(Subscription::close, () -> responses.endAfterAll(out::onCompleted));
  }

  @Override
  public void end() {
    over(Subscription::close, () -> responses.endNow(() -> out.onError(BrokerHandler.stopping())));
  }

  /** Gives up a client that is silent: its process may hang, or its machine be gone. */
  private void look() {
    if (System.nanoTime() - lastHeard > lease.toNanos()) {
      watching.cancel(false);
      Status silent =
          Status.UNAVAILABLE.withDescription(
              "nothing was heard of the subscriber for " + lease + ", which is its lease");
      Threads.VIRTUAL.execute(() ->
          over(
              Subscription::abandon,
              () -> responses.endNow(() -> out.onError(silent.asRuntimeException()))));
    }
  }

  private void over(Consumer<Subscription> leaving, Runnable ending) {
    watching.cancel(false);
    lasting.remove(this);
    boolean first;
    opening.lock();
    try {
      first = over.compareAndSet(false, true);
    } finally {
      opening.unlock();
    }
    Subscription open = subscription;
    if (open != null) {
      leaving.accept(open);
    }
    if (first) {
      if (open != null) {
        call.client().subscriptions().give(1);
        call.client().inFlight().give(inFlight);
      }
      call.leave().run();
      ending.run();
    }
  }

  /** Nobody would close a subscription that is made when the stream has been ended. */
  private void openUnlessOver(SubscribeRequest.Open open) {
    opening.lock();
    try {
      if (!over.get()) {
        open(open);
      }
    } finally {
      opening.unlock();
    }
  }

  /** The answer goes first: a delivery is sent after what was added before. */
  private void open(SubscribeRequest.Open open) {
    SubscribeOptions options = bounded(Translation.options(open));
    takeRoom(options.maxInFlight());
    responses.add(
        ANSWER_BYTES,
        response -> response.getOpenedBuilder().setLease(Translation.duration(lease)));
    try {
      subscription =
          broker.subscribe(
              Translation.topic(open.getTopic()), open.getName(), options, this::deliver);
    } catch (RuntimeException e) {
      responses.endNow(() -> {});
      call.client().subscriptions().give(1);
      call.client().inFlight().give(inFlight);
      throw e;
    }
  }

  /** Who asks for more in flight than anybody handles gets what can be kept in mind for him. */
  private static SubscribeOptions bounded(SubscribeOptions asked) {
    int most = Math.min(asked.maxInFlight(), MAX_IN_FLIGHT);
    return new SubscribeOptions(most, asked.ordered(), asked.start());
  }

  private void takeRoom(int maxInFlight) {
    Client client = call.client();
    client.subscriptions().take(1);
    try {
      client.inFlight().take(maxInFlight);
      inFlight = maxInFlight;
    } catch (StatusRuntimeException e) {
      client.subscriptions().give(1);
      throw e;
    }
  }

  private void deliver(Delivery delivery) {
    long number = lastLease.incrementAndGet();
    leases.put(number, delivery);
    Message message = delivery.message();
    responses.add(
        OVERHEAD_BYTES + message.payload().size(),
        response ->
            response
                .addDeliveriesBuilder()
                .setLease(number)
                .setMessage(Translation.message(message))
                .setAttempts(delivery.attempts())
                .setCrashes(delivery.crashes()));
  }

  private void settle(SubscribeRequest.Settle settle) {
    Delivery delivery = leases.remove(settle.getLease());
    if (delivery == null) {
      settled(settle);
      return;
    }
    CompletionStage<Void> settled = delivery.settle(Translation.outcome(settle));
    responses.owe();
    settled.whenComplete((done, failure) -> {
      if (failure == null) {
        settled(settle);
      }
      responses.paid();
    });
  }

  private void settled(SubscribeRequest.Settle settle) {
    long number = settle.getLease();
    responses.add(ANSWER_BYTES, response -> response.addSettled(number));
  }
}
