package io.anywire.broker.remote;

import io.anywire.broker.Broker;
import io.anywire.broker.Inbox;
import io.anywire.broker.Message;
import io.anywire.broker.remote.v1.OpenInboxResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's inbox: open for as long as its call. A client that does not read loses messages. */
final class ServedInbox implements Lasting {
  private static final Logger log = LoggerFactory.getLogger(ServedInbox.class);
  private static final int OVERHEAD_BYTES = 256;
  private static final long WARNING_NANOS = 1_000_000_000;

  private final ServerCallStreamObserver<OpenInboxResponse> out;
  private final Client.Call call;
  private final Lasting.All lasting;
  private final Batching<OpenInboxResponse.Builder> responses;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());
  private volatile @Nullable Inbox inbox;

  private ServedInbox(
      ServerCallStreamObserver<OpenInboxResponse> out, Client.Call call, Lasting.All lasting) {
    this.out = out;
    this.call = call;
    this.lasting = lasting;
    this.responses =
        new Batching<>(out, OpenInboxResponse::newBuilder, OpenInboxResponse.Builder::build);
  }

  static void open(
      Broker broker,
      ServerCallStreamObserver<OpenInboxResponse> out,
      Client.Call call,
      Lasting.All lasting) {
    ServedInbox served = new ServedInbox(out, call, lasting);
    try {
      call.client().inboxes().take(1);
    } catch (StatusRuntimeException e) {
      call.leave().run();
      throw e;
    }
    out.setOnReadyHandler(served.responses::ready);
    out.setOnCancelHandler(() -> served.over(() -> {}));
    // The address goes first: a message is sent after what was added before.
    served.responses.together(() -> served.open(broker));
  }

  private void open(Broker broker) {
    try {
      Inbox opened = broker.openInbox(this::receive);
      inbox = opened;
      responses.add(OVERHEAD_BYTES, response -> response.setAddress(opened.address()));
      lasting.add(this);
    } catch (StatusRuntimeException e) {
      over(() -> out.onError(e));
    }
  }

  @Override
  public void end() {
    over(() -> out.onError(BrokerHandler.stopping()));
  }

  private void over(Runnable ending) {
    if (over.compareAndSet(false, true)) {
      lasting.remove(this);
      Inbox opened = inbox;
      if (opened != null) {
        opened.close();
      }
      call.client().inboxes().give(1);
      call.leave().run();
      responses.endNow(ending);
    }
  }

  private void receive(Message message) {
    int bytes = OVERHEAD_BYTES + message.payload().size();
    if (responses.waitingBytes() + bytes > call.client().limits().inboxBytes()) {
      warn();
    } else {
      responses.add(bytes, response -> response.addMessages(Translation.message(message)));
    }
  }

  private void warn() {
    long now = System.nanoTime();
    long due = nextWarning.get();
    if (now - due >= 0 && nextWarning.compareAndSet(due, now + WARNING_NANOS)) {
      log.atWarn().log("A client does not read its inbox; messages are dropped");
    }
  }
}
