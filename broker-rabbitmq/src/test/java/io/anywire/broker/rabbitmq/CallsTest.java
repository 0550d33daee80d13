package io.anywire.broker.rabbitmq;

import static io.anywire.broker.rabbitmq.Rabbits.SOON;
import static io.anywire.broker.rabbitmq.Rabbits.done;
import static io.anywire.broker.rabbitmq.Rabbits.failure;
import static io.anywire.broker.rabbitmq.Rabbits.fresh;
import static io.anywire.broker.rabbitmq.Rabbits.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import io.anywire.broker.Broker;
import io.anywire.broker.Inbox;
import io.anywire.broker.InboxReceiver;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.testing.RabbitMq;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallsTest {
  private final Broker broker = Rabbits.open(RabbitMq.shared().url());
  private final Topic calls = Topic.calls(fresh("calls"));
  private final Replies replies = new Replies();

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void refuses_a_call_while_nobody_serves() {
    Received server = new Received();
    Status before = failure(broker.publish(calls, text("anybody?")));
    Subscription serving = broker.subscribe(calls, Topic.WORKERS, 1, server);
    done(broker.publish(calls, text("hello")));
    done(server.next().settle(Outcome.DONE));
    serving.close();
    Status after = failure(broker.publish(calls, text("still there?")));
    broker.subscribe(calls, Topic.WORKERS, 1, server);
    done(broker.publish(calls, text("hello again")));

    assertThat(before.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(before.getDescription()).contains("nobody is subscribed", calls.name());
    assertThat(after.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(server.next().message().payload().toStringUtf8()).isEqualTo("hello again");
  }

  @Test
  void fails_only_what_nobody_serves_when_many_calls_are_on_their_way() {
    Topic nobody = Topic.calls(fresh("nobody"));
    broker.subscribe(calls, Topic.WORKERS, 1000, delivery -> delivery.settle(Outcome.DONE));
    List<CompletionStage<Void>> served = new ArrayList<>();
    List<CompletionStage<Void>> refused = new ArrayList<>();

    for (int i = 0; i < 1000; i++) {
      served.add(broker.publish(calls, text("" + i)));
      refused.add(broker.publish(nobody, text("" + i)));
    }

    served.forEach(Rabbits::done);
    assertThat(refused).map(r -> failure(r).getCode()).containsOnly(Status.Code.UNAVAILABLE);
  }

  @Test
  void brings_a_reply_to_the_inbox_of_another_process() {
    try (Broker server = Rabbits.open(RabbitMq.shared().url());
        Inbox inbox = broker.openInbox(replies)) {
      server.subscribe(
          calls,
          Topic.WORKERS,
          10,
          call -> server.send(call.message().headers().get("reply-to"), text("pong")));

      done(broker.publish(calls, Message.builder().header("reply-to", inbox.address()).build()));

      assertThat(replies.awaitOne()).isEqualTo("pong");
    }
  }

  @Test
  void drops_what_is_sent_to_an_inbox_that_is_gone() {
    Inbox gone = broker.openInbox(replies);
    String address = gone.address();
    gone.close();
    gone.close();
    Inbox inbox = broker.openInbox(replies);

    broker.send(address, text("lost"));
    broker.send(inbox.address(), text("kept"));

    assertThat(replies.awaitOne()).isEqualTo("kept");
    assertThatThrownBy(gone::address).hasMessage("UNAVAILABLE: the inbox is closed");
  }

  @Test
  void tells_an_inbox_that_its_connection_was_lost_and_gives_it_another_address() {
    Inbox inbox = broker.openInbox(replies);
    String before = inbox.address();

    broker.unwrap(Connection.class).orElseThrow().abort();

    await().atMost(SOON).ignoreExceptions().until(() -> !inbox.address().equals(before));
    assertThat(replies.lost).hasValue(1);
    broker.send(inbox.address(), text("back"));
    assertThat(replies.awaitOne()).isEqualTo("back");
  }

  private static final class Replies implements InboxReceiver {
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final AtomicInteger lost = new AtomicInteger();

    @Override
    public void receive(Message message) {
      received.add(message);
    }

    @Override
    public void lost() {
      lost.incrementAndGet();
    }

    String awaitOne() {
      await().atMost(SOON).until(() -> !received.isEmpty());
      return received.remove().payload().toStringUtf8();
    }
  }
}
