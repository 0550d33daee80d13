package io.anywire.broker.remote;

import io.anywire.broker.Operations;
import io.anywire.broker.Topic;
import io.anywire.broker.remote.v1.GetStateRequest;
import io.anywire.broker.remote.v1.ListSubscriptionsRequest;
import io.anywire.broker.remote.v1.ListSubscriptionsResponse;
import io.anywire.broker.remote.v1.PeekRequest;
import io.anywire.broker.remote.v1.PurgeRequest;
import io.anywire.broker.remote.v1.PurgeResponse;
import io.anywire.broker.remote.v1.SeekRequest;
import io.anywire.broker.remote.v1.SeekResponse;
import io.anywire.broker.remote.v1.SubscriptionState;
import java.time.DateTimeException;
import java.util.List;
import java.util.function.Supplier;

/** What an operator asks of the served broker, one request after the other. */
record ServedOperations(Operations operations) {

  List<io.anywire.broker.remote.v1.Topic> topics() {
    return operations.topics().stream().map(Translation::topic).toList();
  }

  ListSubscriptionsResponse subscriptions(ListSubscriptionsRequest request) {
    Topic topic = Translation.topic(request.getTopic());
    return ListSubscriptionsResponse.newBuilder()
        .addAllNames(operations.subscriptions(topic))
        .build();
  }

  SubscriptionState state(GetStateRequest request) {
    Topic topic = Translation.topic(request.getTopic());
    return Looks.state(operations.state(topic, request.getSubscription()));
  }

  List<io.anywire.broker.remote.v1.Waiting> peek(PeekRequest request) {
    Topic topic = Translation.topic(request.getTopic());
    return valid(() -> operations.peek(topic, request.getSubscription(), request.getMax())).stream()
        .map(Looks::waiting)
        .toList();
  }

  PurgeResponse purge(PurgeRequest request) {
    Topic topic = Translation.topic(request.getTopic());
    long count = operations.purge(topic, request.getSubscription());
    return PurgeResponse.newBuilder().setCount(count).build();
  }

  SeekResponse seek(SeekRequest request) {
    Topic topic = Translation.topic(request.getTopic());
    long waiting =
        valid(() -> operations.seek(topic, request.getSubscription(), Looks.to(request)));
    return SeekResponse.newBuilder().setWaiting(waiting).build();
  }

  private static <T> T valid(Supplier<T> asked) {
    try {
      return asked.get();
    } catch (IllegalArgumentException | DateTimeException e) {
      throw Translation.invalid(e);
    }
  }
}
