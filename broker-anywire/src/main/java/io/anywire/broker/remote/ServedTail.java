package io.anywire.broker.remote;

import io.anywire.broker.Message;
import io.anywire.broker.Operations;
import io.anywire.broker.remote.v1.TailRequest;
import io.anywire.broker.remote.v1.TailResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.ReentrantLock;

/** One client's look at what is published: for as long as its call, and as far as it reads. */
final class ServedTail implements Lasting {
  private final ServerCallStreamObserver<TailResponse> out;
  private final ReentrantLock sending = new ReentrantLock();
  private Runnable leaving = () -> {};
  private int unread;
  private boolean over;

  /** How many messages may be sent in a row while the client takes none. */
  private static final int MAX_UNREAD = 1_000;

  private ServedTail(ServerCallStreamObserver<TailResponse> out) {
    this.out = out;
  }

  static void open(
      Operations operations,
      TailRequest request,
      ServerCallStreamObserver<TailResponse> out,
      Lasting.All lasting) {
    ServedTail served = new ServedTail(out);
    // Held, so that no message overtakes the answer.
    served.sending.lock();
    try {
      Operations.Tail tail =
          operations.tail(Translation.topic(request.getTopic()), served::receive);
      served.leaving =
          () -> {
            lasting.remove(served);
            tail.close();
          };
      out.setOnCancelHandler(served.leaving);
      out.onNext(
          TailResponse.newBuilder().setOpened(TailResponse.Opened.getDefaultInstance()).build());
      lasting.add(served);
    } finally {
      served.sending.unlock();
    }
  }

  @Override
  public void end() {
    sending.lock();
    try {
      if (!over) {
        over = true;
        leaving.run();
        out.onError(BrokerHandler.stopping());
      }
    } finally {
      sending.unlock();
    }
  }

  private void receive(Message message) {
    sending.lock();
    try {
      unread = out.isReady() ? 0 : unread + 1;
      if (!over && !out.isCancelled() && unread <= MAX_UNREAD) {
        out.onNext(TailResponse.newBuilder().setMessage(Translation.message(message)).build());
      }
    } finally {
      sending.unlock();
    }
  }
}
