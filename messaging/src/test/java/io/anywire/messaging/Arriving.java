package io.anywire.messaging;

import io.anywire.lab.v1.Answer;
import io.anywire.lab.v1.Order;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What arrives at an asynchronous caller, who may take it one by one. */
final class Arriving implements ClientResponseObserver<Order, Answer> {
  final List<String> texts = new CopyOnWriteArrayList<>();
  final CompletableFuture<Status> end = new CompletableFuture<>();
  final AtomicInteger timesReady = new AtomicInteger();
  private final boolean oneByOne;
  private volatile @Nullable ClientCallStreamObserver<Order> call;

  private Arriving(boolean oneByOne) {
    this.oneByOne = oneByOne;
  }

  /** Takes everything as it comes. */
  static Arriving all() {
    return new Arriving(false);
  }

  /** Takes one, and further ones when told to. */
  static Arriving oneByOne() {
    return new Arriving(true);
  }

  /** The call, once it was started. */
  ClientCallStreamObserver<Order> call() {
    ClientCallStreamObserver<Order> started = call;
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    return started;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Order> started) {
    call = started;
    if (oneByOne) {
      started.disableAutoRequestWithInitial(1);
    }
    started.setOnReadyHandler(timesReady::incrementAndGet);
  }

  @Override
  public void onNext(Answer answer) {
    texts.add(answer.getText());
  }

  @Override
  public void onError(Throwable t) {
    end.complete(Status.fromThrowable(t));
  }

  @Override
  public void onCompleted() {
    end.complete(Status.OK);
  }
}
