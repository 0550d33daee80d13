package io.anywire.broker.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.OpenInboxRequest;
import io.anywire.broker.remote.v1.TailRequest;
import io.grpc.stub.BlockingClientCall;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StoppingTest {
  private static final Topic QUEUE = Topic.queue("stopping");
  private static final int MESSAGES = 20;

  private final Anywire server = Anywire.builder().application("broker").build();
  private final Anywire stopping = Anywire.builder().application("app").build();
  private final Anywire other = Anywire.builder().application("app").build();

  @AfterEach
  void close() {
    stopping.close();
    other.close();
    server.close();
  }

  @Test
  void what_a_stopped_subscriber_is_still_sent_goes_to_others_while_it_finishes_its_work()
      throws Exception {
    String url = serve(unstoppable(server.broker("memory:" + UUID.randomUUID())));
    BlockingQueue<Delivery> first = new LinkedBlockingQueue<>();
    BlockingQueue<Delivery> second = new LinkedBlockingQueue<>();
    stopping.broker(url).subscribe(QUEUE, Topic.WORKERS, MESSAGES, first::add).stop();
    other.broker(url).subscribe(QUEUE, Topic.WORKERS, MESSAGES, second::add);

    for (int i = 0; i < MESSAGES; i++) {
      Message message = Message.of(ByteString.copyFromUtf8("work " + i));
      other.broker(url).publish(QUEUE, message).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
    for (int i = 0; i < MESSAGES; i++) {
      Delivery delivery = second.poll(10, TimeUnit.SECONDS);
      assertThat(delivery).as("message %d", i).isNotNull();
      assertThat(delivery.attempts()).isZero();
      assertThat(delivery.crashes()).isZero();
      delivery.settle(Outcome.DONE).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
    assertThat(first).isEmpty();
  }

  /** A client may come again by a connection that has not been told yet that the server stops. */
  @Test
  void a_stream_that_comes_while_the_broker_drains_is_ended_at_once() {
    Broker broker = server.broker("memory:" + UUID.randomUUID());
    broker.publish(QUEUE, Message.of(ByteString.EMPTY)).toCompletableFuture().join();
    BrokerHandler handler = new BrokerHandler(broker);
    String url = serve(handler);
    handler.drain();
    var calls =
        BrokerServiceGrpc.newBlockingV2Stub(
            stopping.channel(WireUrl.parse(url).withScheme("grpc").toString()));

    assertIsEnded(calls.openInbox(OpenInboxRequest.getDefaultInstance()));
    assertIsEnded(calls.publish());
    assertIsEnded(calls.subscribe());
    assertIsEnded(calls.drain());
    assertIsEnded(calls.tail(TailRequest.newBuilder().setTopic(Translation.topic(QUEUE)).build()));
  }

  private static void assertIsEnded(BlockingClientCall<?, ?> call) {
    assertThatThrownBy(
            () -> {
              while (call.read(10, TimeUnit.SECONDS) != null) {
                // An answer that was on its way.
              }
            })
        .hasMessageContaining("UNAVAILABLE: the broker is stopping");
  }

  private String serve(Broker broker) {
    return serve(new BrokerHandler(broker));
  }

  private String serve(BrokerHandler handler) {
    return server
        .server()
        .service(handler)
        .drainLimit(Duration.ofMillis(100))
        .listen("grpc://127.0.0.1:0")
        .start()
        .urls()
        .getFirst()
        .withScheme("anywire")
        .toString();
  }

  /** The same broker, to which the word that a subscriber has stopped never comes. */
  private static Broker unstoppable(Broker broker) {
    return (Broker)
        Proxy.newProxyInstance(
            Broker.class.getClassLoader(),
            new Class<?>[] {Broker.class},
            (proxy, method, arguments) -> {
              Object result = method.invoke(broker, arguments);
              return result instanceof Subscription subscription
                  ? new Unstoppable(subscription)
                  : result;
            });
  }

  private record Unstoppable(Subscription subscription) implements Subscription {
    @Override
    public void stop() {}

    @Override
    public void close() {
      subscription.close();
    }

    @Override
    public void abandon() {
      subscription.abandon();
    }
  }
}
