package io.anywire.broker.remote;

import io.anywire.broker.DeadLetter;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Topic;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.DeadLetterCount;
import io.anywire.broker.remote.v1.DeadLetterSelection;
import io.anywire.broker.remote.v1.ListDeadLettersRequest;
import io.grpc.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** The dead letters of a subscription at a broker in another process. */
record RemoteDeadLetters(Channel channel, Topic topic, String subscription) implements DeadLetters {

  @Override
  public List<DeadLetter> list(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max: " + max + " (expected: >= 1)");
    }
    List<DeadLetter> found = new ArrayList<>();
    stub()
        .listDeadLetters(
            ListDeadLettersRequest.newBuilder()
                .setTopic(Translation.topic(topic))
                .setSubscription(subscription)
                .setMax(max)
                .build())
        .forEachRemaining(letter -> found.add(Translation.deadLetter(letter)));
    return found;
  }

  @Override
  public int replay(Predicate<DeadLetter> which) {
    return select(which, stub()::replayDeadLetters);
  }

  @Override
  public int purge(Predicate<DeadLetter> which) {
    return select(which, stub()::purgeDeadLetters);
  }

  private int select(
      Predicate<DeadLetter> which, Function<DeadLetterSelection, DeadLetterCount> call) {
    DeadLetterSelection.Builder selection =
        DeadLetterSelection.newBuilder()
            .setTopic(Translation.topic(topic))
            .setSubscription(subscription);
    list(Integer.MAX_VALUE).stream()
        .filter(which)
        .forEach(letter -> selection.addIds(letter.message().id()));
    return selection.getIdsCount() == 0 ? 0 : call.apply(selection.build()).getCount();
  }

  private BrokerServiceGrpc.BrokerServiceBlockingStub stub() {
    return BrokerServiceGrpc.newBlockingStub(channel).withMaxInboundMessageSize(Integer.MAX_VALUE);
  }
}
