package io.anywire.broker.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Topic;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.SubscribeRequest;
import io.anywire.broker.remote.v1.SubscribeResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeaseTest {
  private static final Topic QUEUE = Topic.queue("leases");

  private final ServedBroker served = new ServedBroker(Duration.ofMillis(900));
  private final Anywire anywire = Anywire.builder().application("app").build();
  private final Broker broker = anywire.broker(served.url());

  @AfterEach
  void close() {
    anywire.close();
    served.close();
  }

  @Test
  void a_subscriber_that_falls_silent_loses_what_it_has_and_can_no_longer_settle_it()
      throws Exception {
    Silent silent = new Silent();
    StreamObserver<SubscribeRequest> requests =
        BrokerServiceGrpc.newStub(anywire.channel(served.url().replace("anywire:", "grpc:")))
            .subscribe(silent);
    requests.onNext(
        SubscribeRequest.newBuilder()
            .setOpen(Translation.open(QUEUE, Topic.WORKERS, SubscribeOptions.inFlight(1)))
            .build());
    publish("work");
    long lease = silent.leases.poll(20, TimeUnit.SECONDS);

    assertThat(silent.ended).failsWithin(Duration.ofSeconds(20));
    requests.onNext(
        SubscribeRequest.newBuilder()
            .addSettle(Translation.settle(lease, new Outcome.Reject(Status.getDefaultInstance())))
            .build());
    BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    broker.subscribe(QUEUE, Topic.WORKERS, 1, deliveries::add);
    Delivery again = deliveries.poll(20, TimeUnit.SECONDS);
    assertThat(again.message().payload().toStringUtf8()).isEqualTo("work");
    assertThat(again.attempts()).isZero();
    assertThat(again.crashes()).isEqualTo(1);
    assertThat(broker.deadLetters(QUEUE, Topic.WORKERS).list(10)).isEmpty();
  }

  @Test
  void a_lease_is_renewed_for_as_long_as_its_holder_lives() throws Exception {
    BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    broker.subscribe(QUEUE, Topic.WORKERS, 2, deliveries::add);
    publish("long");
    Delivery first = deliveries.poll(20, TimeUnit.SECONDS);

    assertThat(deliveries.poll(3, TimeUnit.SECONDS)).isNull();
    first.settle(Outcome.DONE).toCompletableFuture().get(20, TimeUnit.SECONDS);
    publish("next");
    assertThat(deliveries.poll(20, TimeUnit.SECONDS).crashes()).isZero();
  }

  private void publish(String text) throws Exception {
    Message message = Message.of(ByteString.copyFromUtf8(text));
    broker.publish(QUEUE, message).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Takes deliveries and says nothing. */
  private static final class Silent implements StreamObserver<SubscribeResponse> {
    final BlockingQueue<Long> leases = new LinkedBlockingQueue<>();
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    @Override
    public void onNext(SubscribeResponse response) {
      response.getDeliveriesList().forEach(delivery -> leases.add(delivery.getLease()));
    }

    @Override
    public void onError(Throwable t) {
      ended.completeExceptionally(t);
    }

    @Override
    public void onCompleted() {
      ended.complete(null);
    }
  }
}
