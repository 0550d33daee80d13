package io.anywire.broker.remote;

import io.anywire.broker.Drain;
import io.anywire.broker.Operations;
import io.anywire.broker.Stored;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.DrainRequest;
import io.anywire.broker.remote.v1.DrainResponse;
import io.anywire.call.Failures;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One client's drain, for as long as its call. */
final class ServedDrain implements StreamObserver<DrainRequest>, Lasting {
  private static final int PIECE_BYTES = 1 << 20;

  private final Operations operations;
  private final ServerCallStreamObserver<DrainResponse> out;
  private final Lasting.All lasting;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Drain drain;
  private List<Stored> shown = List.of();
  private boolean over;

  ServedDrain(
      Operations operations, ServerCallStreamObserver<DrainResponse> out, Lasting.All lasting) {
    this.operations = operations;
    this.out = out;
    this.lasting = lasting;
    out.setOnCancelHandler(this::onCompleted);
    lasting.add(this);
  }

  @Override
  public void onNext(DrainRequest request) {
    lock.lock();
    try {
      if (!over) {
        answer(request);
      }
    } catch (StatusRuntimeException e) {
      leave();
      out.onError(Failures.exception(Failures.rpcStatusOf(e, BrokerServiceGrpc.SERVICE_NAME)));
    } finally {
      lock.unlock();
    }
  }

  private void answer(DrainRequest request) {
    if (request.hasOpen()) {
      DrainRequest.Open open = request.getOpen();
      drain =
          operations.drain(
              Translation.topic(open.getTopic()), open.getSubscription(), open.getMost());
      shown = List.of();
      send(List.of());
    } else if (request.hasFirst()) {
      shown = opened().first(Math.max(1, request.getFirst().getMax()));
      send(shown);
    } else if (request.hasResting()) {
      shown = opened().resting();
      send(shown);
    } else {
      List<Stored> all = shown;
      opened()
          .remove(
              request.getRemove().getPlacesList().stream()
                  .filter(place -> place >= 0 && place < all.size())
                  .map(all::get)
                  .toList());
      send(List.of());
    }
  }

  private Drain opened() {
    if (drain == null) {
      throw Status.FAILED_PRECONDITION
          .withDescription("drain: not open (expected: open first)")
          .asRuntimeException();
    }
    return drain;
  }

  private void send(List<Stored> messages) {
    DrainResponse.Builder next = DrainResponse.newBuilder();
    int bytes = 0;
    for (Stored one : messages) {
      var translated = Translation.stored(one);
      bytes += translated.getSerializedSize();
      if (bytes > PIECE_BYTES && next.getMessagesCount() > 0) {
        out.onNext(next.build());
        next = DrainResponse.newBuilder();
        bytes = translated.getSerializedSize();
      }
      next.addMessages(translated);
    }
    out.onNext(next.setComplete(true).build());
  }

  @Override
  public void onError(Throwable t) {
    onCompleted();
  }

  @Override
  public void onCompleted() {
    lock.lock();
    try {
      if (leave() && !out.isCancelled()) {
        out.onCompleted();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void end() {
    lock.lock();
    try {
      if (leave()) {
        out.onError(BrokerHandler.stopping());
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean leave() {
    boolean first = !over;
    over = true;
    lasting.remove(this);
    if (drain != null) {
      drain.close();
    }
    return first;
  }
}
