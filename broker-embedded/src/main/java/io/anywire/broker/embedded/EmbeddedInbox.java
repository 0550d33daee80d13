package io.anywire.broker.embedded;

import io.anywire.broker.Inbox;
import io.anywire.broker.InboxReceiver;
import io.anywire.broker.Message;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An inbox: a bounded queue and a virtual thread that empties it. What does not fit is dropped. */
final class EmbeddedInbox implements Inbox {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedInbox.class);
  private static final int CAPACITY = 65_536;

  private final String address = "inbox-" + UUID.randomUUID();
  private final BlockingQueue<Message> queue = new LinkedBlockingQueue<>(CAPACITY);
  private final Map<String, EmbeddedInbox> all;
  private final InboxReceiver receiver;
  private final Consumer<EmbeddedInbox> closed;
  private final Thread thread;

  /**
   * @param all the inboxes of the store, by address, for as long as they are open
   */
  EmbeddedInbox(
      Map<String, EmbeddedInbox> all, InboxReceiver receiver, Consumer<EmbeddedInbox> closed) {
    this.all = all;
    this.receiver = receiver;
    this.closed = closed;
    this.thread = Thread.ofVirtual().name("anywire-embedded-" + address).unstarted(this::deliver);
    all.put(address, this);
    thread.start();
  }

  @Override
  public String address() {
    return address;
  }

  void receive(Message message) {
    if (!queue.offer(message)) {
      log.atWarn().addKeyValue("inbox", address).log("A full inbox dropped a message");
    }
  }

  @Override
  public void close() {
    all.remove(address);
    thread.interrupt();
    closed.accept(this);
  }

  private void deliver() {
    try {
      while (true) {
        Message message = queue.take();
        try {
          receiver.receive(message);
        } catch (RuntimeException e) {
          log.atError().addKeyValue("inbox", address).setCause(e).log("A receiver failed");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
