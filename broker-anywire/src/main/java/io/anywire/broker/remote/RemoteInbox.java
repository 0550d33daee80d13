package io.anywire.broker.remote;

import io.anywire.broker.Inbox;
import io.anywire.broker.InboxReceiver;
import io.anywire.broker.remote.RemoteBroker.AutoCloseableQuietly;
import io.anywire.broker.remote.v1.BrokerServiceGrpc.BrokerServiceStub;
import io.anywire.broker.remote.v1.OpenInboxRequest;
import io.anywire.broker.remote.v1.OpenInboxResponse;
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

/** An inbox at a broker in another process: a stream that is opened again when it breaks. */
final class RemoteInbox implements Inbox, AutoCloseableQuietly {
  private static final Logger log = LoggerFactory.getLogger(RemoteInbox.class);
  private static final int ANSWER_SECONDS = 10;

  private final BrokerServiceStub stub;
  private final InboxReceiver receiver;
  private final Consumer<AutoCloseableQuietly> closing;
  private final Reconnecting reconnecting = new Reconnecting(this::open);
  private final CompletableFuture<Void> firstOpened = new CompletableFuture<>();
  private volatile @Nullable String address;
  private volatile @Nullable ClientCallStreamObserver<OpenInboxRequest> call;
  private volatile boolean closed;

  RemoteInbox(
      BrokerServiceStub stub, InboxReceiver receiver, Consumer<AutoCloseableQuietly> closing) {
    this.stub = stub;
    this.receiver = receiver;
    this.closing = closing;
  }

  /** Opens the stream and waits for the address. */
  RemoteInbox started() {
    reconnecting.now();
    try {
      firstOpened.get(ANSWER_SECONDS, TimeUnit.SECONDS);
      return this;
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw e.getCause() instanceof StatusRuntimeException status ? status : unavailable();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
    }
  }

  @Override
  public String address() {
    String current = address;
    if (current == null) {
      throw unavailable();
    }
    return current;
  }

  @Override
  public void close() {
    closed = true;
    ClientCallStreamObserver<OpenInboxRequest> open = call;
    if (open != null) {
      open.cancel("the inbox was closed", null);
    }
    closing.accept(this);
  }

  private void open() {
    if (!closed) {
      stub.openInbox(OpenInboxRequest.getDefaultInstance(), new Stream());
    }
  }

  private static StatusRuntimeException unavailable() {
    return Status.UNAVAILABLE
        .withDescription("there is no connection to the broker")
        .asRuntimeException();
  }

  private final class Stream
      implements ClientResponseObserver<OpenInboxRequest, OpenInboxResponse> {
    @Override
    public void beforeStart(ClientCallStreamObserver<OpenInboxRequest> started) {
      call = started;
    }

    @Override
    public void onNext(OpenInboxResponse response) {
      ClientCallStreamObserver<OpenInboxRequest> open = call;
      if (closed && open != null) {
        open.cancel("the inbox was closed", null);
        return;
      }
      if (!response.getAddress().isEmpty()) {
        address = response.getAddress();
        reconnecting.succeeded();
        firstOpened.complete(null);
      }
      response.getMessagesList().forEach(this::receive);
    }

    @Override
    public void onError(Throwable t) {
      boolean wasOpen = address != null;
      address = null;
      if (closed) {
        return;
      }
      if (!firstOpened.isDone()) {
        firstOpened.completeExceptionally(Status.fromThrowable(t).asRuntimeException());
        return;
      }
      try {
        if (wasOpen) {
          receiver.lost();
        }
      } finally {
        reconnecting.later();
      }
    }

    private void receive(io.anywire.broker.remote.v1.Message message) {
      try {
        receiver.receive(Translation.message(message));
      } catch (RuntimeException e) {
        log.atError().setCause(e).log("A receiver failed");
      }
    }

    @Override
    public void onCompleted() {
      onError(unavailable());
    }
  }
}
