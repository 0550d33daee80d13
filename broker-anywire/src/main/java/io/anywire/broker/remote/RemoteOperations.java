package io.anywire.broker.remote;

import io.anywire.broker.Drain;
import io.anywire.broker.Message;
import io.anywire.broker.Operations;
import io.anywire.broker.Stored;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Topic;
import io.anywire.broker.Waiting;
import io.anywire.broker.remote.RemoteBroker.AutoCloseableQuietly;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.BrokerServiceGrpc.BrokerServiceBlockingStub;
import io.anywire.broker.remote.v1.BrokerServiceGrpc.BrokerServiceStub;
import io.anywire.broker.remote.v1.GetStateRequest;
import io.anywire.broker.remote.v1.ListSubscriptionsRequest;
import io.anywire.broker.remote.v1.ListTopicsRequest;
import io.anywire.broker.remote.v1.PeekRequest;
import io.anywire.broker.remote.v1.PurgeRequest;
import io.anywire.broker.remote.v1.PutRequest;
import io.anywire.broker.remote.v1.PutResponse;
import io.anywire.broker.remote.v1.TailRequest;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A look into a broker in another process.
 *
 * @param open what ends when the broker's holder closes it
 */
record RemoteOperations(Channel channel, BrokerServiceStub stub, Set<AutoCloseableQuietly> open)
    implements Operations {
  private static final int ANSWER_SECONDS = 10;

  /** For what may take as long as there are messages. */
  private static final int WORK_SECONDS = 120;

  /** How much is put in one call, unless one message is larger. */
  private static final int MOST_PUT_BYTES = 1 << 20;

  @Override
  public Set<Topic> topics() {
    Set<Topic> topics = new HashSet<>();
    within(ANSWER_SECONDS)
        .listTopics(ListTopicsRequest.getDefaultInstance())
        .forEachRemaining(topic -> topics.add(Translation.topic(topic)));
    return topics;
  }

  @Override
  public Set<String> subscriptions(Topic topic) {
    ListSubscriptionsRequest request =
        ListSubscriptionsRequest.newBuilder().setTopic(Translation.topic(topic)).build();
    return new TreeSet<>(within(ANSWER_SECONDS).listSubscriptions(request).getNamesList());
  }

  @Override
  public SubscriptionState state(Topic topic, String subscription) {
    GetStateRequest request =
        GetStateRequest.newBuilder()
            .setTopic(Translation.topic(topic))
            .setSubscription(subscription)
            .build();
    return Looks.state(within(ANSWER_SECONDS).getState(request));
  }

  @Override
  public List<Waiting> peek(Topic topic, String subscription, int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max: " + max + " (expected: >= 1)");
    }
    PeekRequest request =
        PeekRequest.newBuilder()
            .setTopic(Translation.topic(topic))
            .setSubscription(subscription)
            .setMax(max)
            .build();
    List<Waiting> found = new ArrayList<>();
    within(WORK_SECONDS)
        .peek(request)
        .forEachRemaining(waiting -> found.add(Looks.waiting(waiting)));
    return found;
  }

  @Override
  public long purge(Topic topic, String subscription) {
    PurgeRequest request =
        PurgeRequest.newBuilder()
            .setTopic(Translation.topic(topic))
            .setSubscription(subscription)
            .build();
    return within(WORK_SECONDS).purge(request).getCount();
  }

  @Override
  public long seek(Topic topic, String subscription, SubscribeOptions.Start to) {
    return within(WORK_SECONDS).seek(Looks.seek(topic, subscription, to)).getWaiting();
  }

  @Override
  public Drain drain(Topic topic, String subscription, int most) {
    return new RemoteDrain(stub, open, topic, subscription, most);
  }

  /** In one call after the other where they do not fit into one message of gRPC. */
  @Override
  public CompletionStage<Void> put(Topic topic, String subscription, List<Stored> messages) {
    CompletionStage<Void> last = CompletableFuture.completedFuture(null);
    PutRequest.Builder next = begun(topic, subscription);
    int bytes = 0;
    for (Stored one : messages) {
      var translated = Translation.stored(one);
      bytes += translated.getSerializedSize();
      if (bytes > MOST_PUT_BYTES && next.getMessagesCount() > 0) {
        PutRequest full = next.build();
        last = last.thenCompose(done -> put(full));
        next = begun(topic, subscription);
        bytes = translated.getSerializedSize();
      }
      next.addMessages(translated);
    }
    PutRequest rest = next.build();
    return last.thenCompose(done -> put(rest));
  }

  private static PutRequest.Builder begun(Topic topic, String subscription) {
    return PutRequest.newBuilder().setTopic(Translation.topic(topic)).setSubscription(subscription);
  }

  private CompletionStage<Void> put(PutRequest request) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    stub.withDeadlineAfter(WORK_SECONDS, TimeUnit.SECONDS)
        .put(
            request,
            new StreamObserver<>() {
              @Override
              public void onNext(PutResponse response) {}

              @Override
              public void onError(Throwable t) {
                result.completeExceptionally(Status.fromThrowable(t).asRuntimeException());
              }

              @Override
              public void onCompleted() {
                result.complete(null);
              }
            });
    return result;
  }

  @Override
  public Tail tail(Topic topic, Consumer<Message> receiver) {
    TailRequest request = TailRequest.newBuilder().setTopic(Translation.topic(topic)).build();
    RemoteTail tail = new RemoteTail(stub, request, receiver, open::remove);
    open.add(tail);
    return tail.started();
  }

  private BrokerServiceBlockingStub within(int seconds) {
    return BrokerServiceGrpc.newBlockingStub(channel)
        .withMaxInboundMessageSize(Integer.MAX_VALUE)
        .withDeadlineAfter(seconds, TimeUnit.SECONDS);
  }
}
