package io.anywire.broker.remote;

import io.anywire.broker.Broker;
import io.anywire.broker.Inbox;
import io.anywire.broker.Message;
import io.anywire.broker.remote.BrokerHandler.Lasting;
import io.anywire.broker.remote.v1.OpenInboxResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's inbox: open for as long as its call. A client that does not read loses messages. */
final class ServedInbox implements Lasting {
  private static final Logger log = LoggerFactory.getLogger(ServedInbox.class);

  /** How many messages may be sent in a row while the client takes none. */
  private static final int MAX_UNREAD = 65_536;

  private final ServerCallStreamObserver<OpenInboxResponse> out;
  private final ReentrantLock sending = new ReentrantLock();
  private final AtomicLong unread = new AtomicLong();
  private Runnable leaving = () -> {};
  private boolean over;

  private ServedInbox(ServerCallStreamObserver<OpenInboxResponse> out) {
    this.out = out;
  }

  static void open(
      Broker broker, ServerCallStreamObserver<OpenInboxResponse> out, Set<Lasting> lasting) {
    ServedInbox served = new ServedInbox(out);
    // Held, so that no message overtakes the address.
    served.sending.lock();
    try {
      Inbox inbox = broker.openInbox(served::receive);
      served.leaving =
          () -> {
            lasting.remove(served);
            inbox.close();
          };
      lasting.add(served);
      out.setOnCancelHandler(served.leaving);
      out.onNext(OpenInboxResponse.newBuilder().setAddress(inbox.address()).build());
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
      if (over) {
        return;
      }
      if (out.isReady()) {
        unread.set(0);
      } else if (unread.incrementAndGet() > MAX_UNREAD) {
        log.atWarn().log("A client does not read its inbox; a message was dropped");
        return;
      }
      if (!out.isCancelled()) {
        out.onNext(OpenInboxResponse.newBuilder().setMessage(Translation.message(message)).build());
      }
    } finally {
      sending.unlock();
    }
  }
}
