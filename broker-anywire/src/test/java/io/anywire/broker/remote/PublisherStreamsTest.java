package io.anywire.broker.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Message;
import io.anywire.broker.Operations;
import io.anywire.broker.Topic;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.Publication;
import io.anywire.broker.remote.v1.PublishRequest;
import io.anywire.broker.remote.v1.PublishResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PublisherStreamsTest {
  private static final Topic QUEUE = Topic.queue("streams");

  private final ServedBroker served = new ServedBroker();
  private final Anywire anywire = Anywire.builder().application("app").build();
  private final Operations operations = anywire.broker(served.url()).operations();

  @AfterEach
  void close() {
    anywire.close();
    served.close();
  }

  @Test
  void nothing_is_taken_from_a_stream_whose_publisher_has_opened_another() throws Exception {
    Stream first = new Stream();
    first.publish(1, "publisher");
    assertThat(first.taken.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
    Stream second = new Stream();
    second.publish(2, "publisher");
    assertThat(second.taken.poll(20, TimeUnit.SECONDS)).isEqualTo(2);

    assertThat(Status.fromThrowable(first.ended.get(20, TimeUnit.SECONDS)).getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
    first.publish(3, "");
    second.publish(4, "");
    assertThat(second.taken.poll(20, TimeUnit.SECONDS)).isEqualTo(4);
    assertThat(operations.peek(QUEUE, Topic.WORKERS, 9))
        .extracting(waiting -> waiting.message().payload().toStringUtf8())
        .containsExactly("1", "2", "4");
  }

  @Test
  void publishers_do_not_end_the_streams_of_others() throws Exception {
    Stream first = new Stream();
    first.publish(1, "first");
    Stream second = new Stream();
    second.publish(2, "second");
    first.publish(3, "");

    assertThat(first.taken.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(first.taken.poll(20, TimeUnit.SECONDS)).isEqualTo(3);
    assertThat(second.taken.poll(20, TimeUnit.SECONDS)).isEqualTo(2);
  }

  /** A stream of a client that sends what it likes, one at a time. */
  private final class Stream implements StreamObserver<PublishResponse> {
    private final BlockingQueue<Long> taken = new LinkedBlockingQueue<>();
    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
    private final StreamObserver<PublishRequest> requests =
        BrokerServiceGrpc.newStub(
                anywire.channel(WireUrl.parse(served.url()).withScheme("grpc").toString()))
            .publish(this);

    void publish(long number, String publisher) {
      requests.onNext(
          PublishRequest.newBuilder()
              .setPublisher(publisher)
              .addPublications(
                  Publication.newBuilder()
                      .setSequence(number)
                      .setTopic(Translation.topic(QUEUE))
                      .setMessage(
                          Translation.message(Message.of(ByteString.copyFromUtf8("" + number)))))
              .build());
    }

    @Override
    public void onNext(PublishResponse response) {
      taken.addAll(response.getTakenList());
      assertThat(response.getRefusedList()).isEmpty();
    }

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
