package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.large;
import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Messages.text;
import static io.anywire.conformance.broker.Messages.texts;
import static io.anywire.conformance.broker.Stages.done;
import static io.anywire.conformance.broker.Stages.eventually;
import static io.anywire.conformance.broker.Stages.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.anywire.broker.Inbox;
import io.anywire.broker.Message;
import io.anywire.broker.Topic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Private inboxes. */
interface InboxCases extends Cases {

  @Test
  default void delivers_to_an_inbox_what_is_sent_to_its_address_from_anywhere() {
    if (Refusals.of(scene(), Capability.REPLIES)) {
      return;
    }
    Queue<Message> mine = new ConcurrentLinkedQueue<>();
    Queue<Message> others = new ConcurrentLinkedQueue<>();
    Inbox inbox = scene().inbox(mine::add);
    Inbox other = scene().inbox(others::add);
    assertThat(inbox.address()).isNotEqualTo(other.address());
    Message reply = message("reply ü").toBuilder().header("h", "ü").attribute("a", "b").build();
    scene().another().send(inbox.address(), reply);
    scene().broker().send(other.address(), message("for the other"));
    eventually().until(() -> mine.size() == 1 && others.size() == 1);
    assertThat(mine).containsExactly(reply);
    assertThat(others.stream().map(Messages::text)).containsExactly("for the other");
  }

  @Test
  default void delivers_one_message_at_a_time_and_not_in_the_openers_thread() {
    if (Refusals.of(scene(), Capability.REPLIES)) {
      return;
    }
    Thread opener = Thread.currentThread();
    AtomicInteger inside = new AtomicInteger();
    Queue<String> wrong = new ConcurrentLinkedQueue<>();
    Queue<String> received = new ConcurrentLinkedQueue<>();
    Inbox inbox =
        scene()
            .inbox(reply -> {
              if (inside.incrementAndGet() != 1 || Thread.currentThread() == opener) {
                wrong.add(text(reply));
              }
              received.add(text(reply));
              inside.decrementAndGet();
            });
    texts("reply", 200).parallelStream()
        .forEach(reply -> scene().broker().send(inbox.address(), message(reply)));
    eventually().until(() -> received.size() == 200);
    assertThat(received).containsExactlyInAnyOrderElementsOf(texts("reply", 200));
    assertThat(wrong).isEmpty();
  }

  @Test
  default void goes_on_after_the_receiver_of_an_inbox_has_failed() {
    if (Refusals.of(scene(), Capability.REPLIES)) {
      return;
    }
    Queue<String> received = new ConcurrentLinkedQueue<>();
    Inbox inbox =
        scene()
            .inbox(reply -> {
              received.add(text(reply));
              throw new IllegalStateException("a receiver that fails, as the test wants it");
            });
    scene().broker().send(inbox.address(), message("one"));
    scene().broker().send(inbox.address(), message("two"));
    eventually().until(() -> received.size() == 2);
  }

  @Test
  default void sends_into_the_void_where_there_is_no_inbox() {
    if (Refusals.of(scene(), Capability.REPLIES)) {
      return;
    }
    Broker broker = scene().broker();
    Queue<String> gone = new ConcurrentLinkedQueue<>();
    Queue<String> there = new ConcurrentLinkedQueue<>();
    Inbox closed = scene().inbox(reply -> gone.add(text(reply)));
    String address = closed.address();
    closed.close();
    closed.close();
    Inbox open = scene().inbox(reply -> there.add(text(reply)));
    for (String nowhere : List.of(address, "nobody", "a/b %2F *.#.> ü🚀", "x".repeat(200))) {
      broker.send(nowhere, message("lost"));
    }
    broker.send(open.address(), message("found"));
    eventually().until(() -> there.size() == 1);
    assertThat(gone).isEmpty();
    assertThat(there).containsExactly("found");
  }

  @Test
  default void takes_a_reply_that_is_as_large_as_a_message_and_none_that_is_larger() {
    if (Refusals.of(scene(), Capability.REPLIES)) {
      return;
    }
    Broker broker = scene().broker();
    int most = broker.capabilities().maxMessageBytes();
    Queue<Message> received = new ConcurrentLinkedQueue<>();
    Inbox inbox = scene().inbox(received::add);
    Topic queue = scene().queue();
    CompletionStage<Void> onItsWay = broker.publish(queue, message("on its way"));

    StatusRuntimeException failure = failureOf(() -> broker.send(inbox.address(), large(most + 1)));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    Message largest = large(most);
    broker.send(inbox.address(), largest);

    done(onItsWay);
    eventually().until(() -> received.size() == 1);
    assertThat(received.peek()).isEqualTo(largest);
  }

  @Test
  default void opens_and_closes_many_inboxes() {
    if (Refusals.of(scene(), Capability.REPLIES)) {
      return;
    }
    AtomicInteger received = new AtomicInteger();
    List<Inbox> inboxes = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      inboxes.add(scene().inbox(reply -> received.incrementAndGet()));
    }
    inboxes.forEach(inbox -> scene().broker().send(inbox.address(), message("reply")));
    eventually().until(() -> received.get() == 30);
    inboxes.parallelStream().forEach(Inbox::close);
  }
}
