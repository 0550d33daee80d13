package io.anywire.broker.remote;

import io.anywire.broker.Message;
import io.anywire.broker.Operations;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Topic;
import io.anywire.broker.Waiting;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.ListSubscriptionsRequest;
import io.grpc.Channel;
import io.grpc.Status;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A look into a broker in another process. */
final class RemoteOperations implements Operations {
  private static final int ANSWER_SECONDS = 10;

  private final Channel channel;

  RemoteOperations(Channel channel) {
    this.channel = channel;
  }

  @Override
  public Set<Topic> topics() {
    throw Status.UNIMPLEMENTED.asRuntimeException();
  }

  @Override
  public Set<String> subscriptions(Topic topic) {
    ListSubscriptionsRequest request =
        ListSubscriptionsRequest.newBuilder().setTopic(Translation.topic(topic)).build();
    return new TreeSet<>(
        BrokerServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
            .listSubscriptions(request)
            .getNamesList());
  }

  @Override
  public SubscriptionState state(Topic topic, String subscription) {
    throw Status.UNIMPLEMENTED.asRuntimeException();
  }

  @Override
  public List<Waiting> peek(Topic topic, String subscription, int max) {
    throw Status.UNIMPLEMENTED.asRuntimeException();
  }

  @Override
  public long purge(Topic topic, String subscription) {
    throw Status.UNIMPLEMENTED.asRuntimeException();
  }

  @Override
  public long seek(Topic topic, String subscription, SubscribeOptions.Start to) {
    throw Status.UNIMPLEMENTED.asRuntimeException();
  }

  @Override
  public Tail tail(Topic topic, Consumer<Message> receiver) {
    throw Status.UNIMPLEMENTED.asRuntimeException();
  }
}
