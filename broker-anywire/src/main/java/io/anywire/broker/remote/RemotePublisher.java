package io.anywire.broker.remote;

import io.anywire.broker.Message;
import io.anywire.broker.Publication;
import io.anywire.broker.remote.v1.BrokerServiceGrpc.BrokerServiceStub;
import io.anywire.broker.remote.v1.PublishRequest;
import io.anywire.broker.remote.v1.PublishResponse;
import io.anywire.call.Failures;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Publishes over one stream, opened when it is first needed and again after it broke. What was not
 * answered when it broke fails {@code UNAVAILABLE}: whether the broker took it is unknown.
 */
final class RemotePublisher implements AutoCloseable {
  private static final int MAX_UNANSWERED = 10_000;

  private final BrokerServiceStub stub;
  private final Semaphore room = new Semaphore(MAX_UNANSWERED);
  private final ReentrantLock sending = new ReentrantLock();
  private long lastSequence;
  private @Nullable Stream stream;
  private boolean closed;

  RemotePublisher(BrokerServiceStub stub) {
    this.stub = stub;
  }

  CompletionStage<Void> publish(Publication publication) {
    try {
      awaitRoom(publication.patience());
    } catch (StatusRuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<Void> answer = new CompletableFuture<>();
    answer.whenComplete((done, failure) -> room.release());
    try {
      PublishRequest.Builder request =
          PublishRequest.newBuilder()
              .setTopic(Translation.topic(publication.topic()))
              .setDelay(Translation.duration(publication.delay()));
      send(request, publication.message(), answer);
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  void send(String inbox, Message message) {
    send(PublishRequest.newBuilder().setInbox(inbox), message, null);
  }

  private void send(
      PublishRequest.Builder request, Message message, @Nullable CompletableFuture<Void> answer) {
    request.setMessage(Translation.message(message));
    sending.lock();
    try {
      Stream to = openStream();
      request.setSequence(++lastSequence);
      if (answer != null) {
        to.unanswered.put(lastSequence, answer);
      }
      to.requests.onNext(request.build());
    } finally {
      sending.unlock();
    }
  }

  @Override
  public void close() {
    sending.lock();
    try {
      closed = true;
      if (stream != null) {
        stream.requests.onCompleted();
      }
    } finally {
      sending.unlock();
    }
  }

  private Stream openStream() {
    if (closed) {
      throw Status.UNAVAILABLE.withDescription("the broker has been closed").asRuntimeException();
    }
    Stream open = stream;
    if (open == null) {
      open = new Stream();
      stream = open;
    }
    return open;
  }

  private void awaitRoom(Duration patience) {
    try {
      if (!room.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw Status.RESOURCE_EXHAUSTED
            .withDescription(
                MAX_UNANSWERED + " publications unanswered for " + patience.toMillis() + " ms")
            .asRuntimeException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").withCause(e).asRuntimeException();
    }
  }

  /** One stream and what it has not answered yet. */
  private final class Stream implements StreamObserver<PublishResponse> {
    private final Map<Long, CompletableFuture<Void>> unanswered = new ConcurrentHashMap<>();

    private final StreamObserver<PublishRequest> requests;

    Stream() {
      // Apart from the context of whoever publishes first: the stream outlives it.
      Context previous = Context.ROOT.attach();
      try {
        requests = stub.publish(this);
      } finally {
        Context.ROOT.detach(previous);
      }
    }

    @Override
    public void onNext(PublishResponse response) {
      CompletableFuture<Void> answer = unanswered.remove(response.getSequence());
      if (answer == null) {
        return;
      }
      if (response.hasFailure()) {
        answer.completeExceptionally(Failures.exception(response.getFailure()));
      } else {
        answer.complete(null);
      }
    }

    @Override
    public void onError(Throwable t) {
      over(
          Status.UNAVAILABLE
              .withDescription("the connection to the broker was lost")
              .withCause(t)
              .asRuntimeException());
    }

    @Override
    public void onCompleted() {
      over(Status.UNAVAILABLE.withDescription("the broker has been closed").asRuntimeException());
    }

    private void over(StatusRuntimeException failure) {
      sending.lock();
      try {
        if (stream == this) {
          stream = null;
        }
      } finally {
        sending.unlock();
      }
      unanswered.values().forEach(answer -> answer.completeExceptionally(failure));
      unanswered.clear();
    }
  }
}
