package io.anywire.broker.remote;

import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.PublishRequest;
import io.anywire.broker.remote.v1.PublishResponse;
import io.anywire.call.Failures;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One client's stream of publications, each answered when the broker has taken it. */
final class ServedPublisher implements StreamObserver<PublishRequest> {
  private final Broker broker;
  private final StreamObserver<PublishResponse> out;
  private final ReentrantLock sending = new ReentrantLock();

  ServedPublisher(Broker broker, StreamObserver<PublishResponse> out) {
    this.broker = broker;
    this.out = out;
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
            .publish(Translation.topic(request.getTopic()), message)
            .whenComplete((done, failure) -> answer(request.getSequence(), failure));
      }
    } catch (RuntimeException e) {
      answer(request.getSequence(), e);
    }
  }

  @Override
  public void onError(Throwable t) {
    // The client is gone; what was published stays published.
  }

  @Override
  public void onCompleted() {
    sending.lock();
    try {
      out.onCompleted();
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
      out.onNext(response.build());
    } finally {
      sending.unlock();
    }
  }
}
