package io.anywire.broker.remote;

import io.anywire.broker.Message;
import io.anywire.broker.Operations;
import io.anywire.broker.remote.RemoteBroker.AutoCloseableQuietly;
import io.anywire.broker.remote.v1.BrokerServiceGrpc.BrokerServiceStub;
import io.anywire.broker.remote.v1.TailRequest;
import io.anywire.broker.remote.v1.TailResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A tail at a broker in another process: a stream that is opened again when it breaks. */
final class RemoteTail implements Operations.Tail, AutoCloseableQuietly {
  private static final Logger log = LoggerFactory.getLogger(RemoteTail.class);
  private static final int ANSWER_SECONDS = 10;

  private final BrokerServiceStub stub;
  private final TailRequest request;
  private final Consumer<Message> receiver;
  private final Consumer<AutoCloseableQuietly> closing;
  private final Reconnecting reconnecting = new Reconnecting(this::open);
  private final CompletableFuture<Void> firstOpened = new CompletableFuture<>();
  private volatile @Nullable ClientCallStreamObserver<TailRequest> call;
  private volatile boolean closed;

  RemoteTail(
      BrokerServiceStub stub,
      TailRequest request,
      Consumer<Message> receiver,
      Consumer<AutoCloseableQuietly> closing) {
    this.stub = stub;
    this.request = request;
    this.receiver = receiver;
    this.closing = closing;
  }

  /** Opens the stream and waits until the broker has. */
  RemoteTail started() {
    reconnecting.now();
    try {
      firstOpened.get(ANSWER_SECONDS, TimeUnit.SECONDS);
      return this;
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw e.getCause() instanceof StatusRuntimeException refused ? refused : unavailable();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
    }
  }

  @Override
  public void close() {
    closed = true;
    cancel();
    closing.accept(this);
  }

  private void open() {
    if (!closed) {
      stub.tail(request, new Stream());
    }
  }

  private void cancel() {
    ClientCallStreamObserver<TailRequest> open = call;
    if (open != null) {
      open.cancel("the tail was closed", null);
    }
  }

  private static StatusRuntimeException unavailable() {
    return Status.UNAVAILABLE
        .withDescription("there is no connection to the broker")
        .asRuntimeException();
  }

  private final class Stream implements ClientResponseObserver<TailRequest, TailResponse> {
    @Override
    public void beforeStart(ClientCallStreamObserver<TailRequest> started) {
      call = started;
    }

    @Override
    public void onNext(TailResponse response) {
      if (closed) {
        cancel();
      } else if (response.hasOpened()) {
        reconnecting.succeeded();
        firstOpened.complete(null);
      } else {
        receive(response);
      }
    }

    @Override
    public void onError(Throwable t) {
      if (!firstOpened.isDone()) {
        firstOpened.completeExceptionally(Status.fromThrowable(t).asRuntimeException());
      } else if (!closed) {
        reconnecting.later();
      }
    }

    @Override
    public void onCompleted() {
      onError(unavailable());
    }

    private void receive(TailResponse response) {
      try {
        receiver.accept(Translation.message(response.getMessage()));
      } catch (RuntimeException e) {
        log.atError().setCause(e).log("A receiver failed");
      }
    }
  }
}
