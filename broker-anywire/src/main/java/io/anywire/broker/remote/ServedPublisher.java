package io.anywire.broker.remote;

import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import io.anywire.broker.Publication;
import io.anywire.broker.remote.BrokerHandler.Lasting;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.PublishRequest;
import io.anywire.broker.remote.v1.PublishResponse;
import io.anywire.call.Failures;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One client's stream of publications, each answered when the broker has taken it. */
final class ServedPublisher implements StreamObserver<PublishRequest>, Lasting {
  private final Broker broker;
  private final StreamObserver<PublishResponse> out;
  private final Set<Lasting> open;
  private final ReentrantLock sending = new ReentrantLock();
  private boolean over;

  ServedPublisher(Broker broker, StreamObserver<PublishResponse> out, Set<Lasting> open) {
    this.broker = broker;
    this.out = out;
    this.open = open;
    open.add(this);
    // With a handler, answers to a client that is gone are dropped rather than refused.
    ((ServerCallStreamObserver<PublishResponse>) out).setOnCancelHandler(() -> {});
  }

  @Override
  public void onNext(PublishRequest request) {
    try {
      Message message = Translation.message(request.getMessage());
      if (request.hasInbox()) {
        broker.send(request.getInbox(), message);
      } else {
        broker
            .publish(
                new Publication(
                    Translation.topic(request.getTopic()),
                    message,
                    Translation.duration(request.getDelay())))
            .whenComplete((done, failure) -> answer(request.getSequence(), failure));
      }
    } catch (RuntimeException e) {
      answer(request.getSequence(), e);
    }
  }

  @Override
  public void onError(Throwable t) {
    // The client is gone; what was published stays published.
    over(() -> {});
  }

  @Override
  public void onCompleted() {
    over(out::onCompleted);
  }

  @Override
  public void end() {
    over(() -> out.onError(BrokerHandler.stopping()));
  }

  private void over(Runnable ending) {
    open.remove(this);
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

  private void answer(long sequence, @Nullable Throwable failure) {
    PublishResponse.Builder response = PublishResponse.newBuilder().setSequence(sequence);
    if (failure != null) {
      response.setFailure(Failures.rpcStatusOf(failure, BrokerServiceGrpc.SERVICE_NAME));
    }
    sending.lock();
    try {
      if (!over) {
        out.onNext(response.build());
      }
    } finally {
      sending.unlock();
    }
  }
}
