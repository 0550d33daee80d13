package io.anywire.broker.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.broker.Inbox;
import io.anywire.broker.InboxReceiver;
import io.anywire.broker.Message;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.Publication;
import io.anywire.broker.remote.v1.PublishRequest;
import io.anywire.broker.remote.v1.PublishResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClientLimitsTest {
  private static final Topic QUEUE = Topic.queue("limited");

  private final ServedBroker served =
      new ServedBroker(Duration.ofSeconds(30), new ClientLimits(2, 100, 1, 1 << 20, 1000, 4 << 20));
  private final Anywire anywire = Anywire.builder().application("app").build();
  private final Anywire other = Anywire.builder().application("other").build();
  private final Broker broker = anywire.broker(served.url());

  @AfterEach
  void close() {
    anywire.close();
    other.close();
    served.close();
  }

  @Test
  void refuses_a_connection_one_subscription_too_many_until_one_is_closed() {
    Subscription first = subscribe(broker, 1);
    subscribe(broker, 1);

    assertThatThrownBy(() -> subscribe(broker, 1))
        .hasMessage("RESOURCE_EXHAUSTED: subscriptions of one connection: 3 (expected: <= 2)");
    assertThatCode(() -> subscribe(other.broker(served.url()), 1)).doesNotThrowAnyException();

    first.close();
    awaitRoomFor(() -> subscribe(broker, 1));
  }

  @Test
  void refuses_a_connection_more_in_flight_than_it_may_have() {
    subscribe(broker, 60);

    assertThatThrownBy(() -> subscribe(broker, 60))
        .hasMessage(
            "RESOURCE_EXHAUSTED: messages in flight of one connection: 120 (expected: <= 100)");
  }

  @Test
  void refuses_a_connection_one_inbox_too_many_until_one_is_closed() {
    Inbox first = openInbox();

    assertThatThrownBy(this::openInbox)
        .hasMessage("RESOURCE_EXHAUSTED: inboxes of one connection: 2 (expected: <= 1)");

    first.close();
    awaitRoomFor(this::openInbox);
  }

  @Test
  void ends_the_stream_of_a_client_that_publishes_and_reads_no_answer() throws Exception {
    Deaf deaf = new Deaf();
    String url = served.url().replace("anywire:", "grpc:");
    BrokerServiceGrpc.newStub(anywire.channel(url)).publish(deaf);
    PublishRequest.Builder many = PublishRequest.newBuilder();
    for (int i = 0; i < 500; i++) {
      many.addPublications(
          Publication.newBuilder()
              .setSequence(Long.MAX_VALUE - i)
              .setTopic(Translation.topic(Topic.events("nobody")))
              .setMessage(Translation.message(Message.of(ByteString.EMPTY))));
    }
    PublishRequest request = many.build();

    for (int i = 0; i < 1_000 && !deaf.ended.isDone(); i++) {
      deaf.sendWhenReady(request);
    }

    deaf.requests().request(Integer.MAX_VALUE);
    Throwable ended = deaf.ended.get(20, TimeUnit.SECONDS);
    assertThat(Status.fromThrowable(ended).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(ended).hasMessageContaining("answers that the client does not read: ");
  }

  @Test
  void publishes_more_at_once_than_may_be_unanswered_in_turns() {
    var publications =
        IntStream.range(0, 5_000)
            .mapToObj(i ->
                new io.anywire.broker.Publication(
                    QUEUE, Message.of(ByteString.copyFromUtf8("message " + i))))
            .toList();

    assertThat(broker.publishAll(publications))
        .hasSize(5_000)
        .allSatisfy(taken ->
            assertThat(taken.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(20)));
    assertThat(broker.operations().state(QUEUE, Topic.WORKERS).ready()).hasValue(5_000);
  }

  @Test
  void reads_the_limits_from_the_url_and_leaves_it_the_rest() {
    WireUrl url =
        WireUrl.parse("http://127.0.0.1:0?subscriptions=7&unanswered-bytes=8MiB&streams=50");

    ClientLimits limits = ClientLimits.of(url);

    assertThat(limits.subscriptions()).isEqualTo(7);
    assertThat(limits.unansweredBytes()).isEqualTo(8 << 20);
    assertThat(limits.inboxes()).isEqualTo(ClientLimits.DEFAULT.inboxes());
    assertThat(ClientLimits.without(url).parameters()).containsOnlyKeys("streams");
    assertThatThrownBy(() -> ClientLimits.of(WireUrl.parse("http://127.0.0.1:0?inboxes=many")))
        .hasMessageContaining("inboxes=many (expected: 0 to 1000000)");
  }

  private Inbox openInbox() {
    return broker.openInbox(
        new InboxReceiver() {
          @Override
          public void receive(Message message) {}

          @Override
          public void lost() {}
        });
  }

  private static Subscription subscribe(Broker at, int inFlight) {
    return at.subscribe(QUEUE, Topic.WORKERS, inFlight, delivery -> {});
  }

  /** Closing is not answered, so there may be a refusal or two yet. */
  private static void awaitRoomFor(Runnable opening) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try {
        opening.run();
        return;
      } catch (StatusRuntimeException e) {
        if (System.nanoTime() - end > 0) {
          throw e;
        }
      }
    }
  }

  /** Publishes as fast as it can, and takes no answer. */
  private static final class Deaf
      implements ClientResponseObserver<PublishRequest, PublishResponse> {
    final CompletableFuture<Throwable> ended = new CompletableFuture<>();
    private final Semaphore ready = new Semaphore(0);
    private ClientCallStreamObserver<PublishRequest> requests;

    @Override
    public void beforeStart(ClientCallStreamObserver<PublishRequest> stream) {
      requests = stream;
      stream.disableAutoRequestWithInitial(0);
      stream.setOnReadyHandler(ready::release);
    }

    ClientCallStreamObserver<PublishRequest> requests() {
      return requests;
    }

    void sendWhenReady(PublishRequest request) throws InterruptedException {
      while (!requests.isReady() && !ended.isDone()) {
        boolean unused = ready.tryAcquire(100, TimeUnit.MILLISECONDS);
      }
      if (!ended.isDone()) {
        requests.onNext(request);
      }
    }

    @Override
    public void onNext(PublishResponse response) {}

    @Override
    public void onError(Throwable t) {
      ended.complete(t);
    }

    @Override
    public void onCompleted() {
      ended.complete(new IllegalStateException("completed"));
    }
  }
}
