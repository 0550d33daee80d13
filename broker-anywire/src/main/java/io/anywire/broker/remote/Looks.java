package io.anywire.broker.remote;

import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscribeOptions.Start;
import io.anywire.broker.Topic;
import io.anywire.broker.Waiting;
import io.anywire.broker.remote.v1.SeekRequest;
import io.anywire.broker.remote.v1.SubscribeRequest;
import io.anywire.broker.remote.v1.SubscriptionState;
import java.util.Optional;
import java.util.OptionalLong;

/** What operators see, as messages of the contract, and back. */
final class Looks {
  private Looks() {}

  static SubscriptionState state(io.anywire.broker.SubscriptionState state) {
    SubscriptionState.Builder builder = SubscriptionState.newBuilder();
    state.ready().ifPresent(builder::setReady);
    state.setAside().ifPresent(builder::setSetAside);
    state.resting().ifPresent(builder::setResting);
    state.inFlight().ifPresent(builder::setInFlight);
    state.dead().ifPresent(builder::setDead);
    state.consumers().ifPresent(builder::setConsumers);
    return builder.build();
  }

  static io.anywire.broker.SubscriptionState state(SubscriptionState state) {
    return new io.anywire.broker.SubscriptionState(
        count(state.hasReady(), state.getReady()),
        count(state.hasSetAside(), state.getSetAside()),
        count(state.hasResting(), state.getResting()),
        count(state.hasInFlight(), state.getInFlight()),
        count(state.hasDead(), state.getDead()),
        count(state.hasConsumers(), state.getConsumers()));
  }

  static io.anywire.broker.remote.v1.Waiting waiting(Waiting waiting) {
    var builder =
        io.anywire.broker.remote.v1.Waiting.newBuilder()
            .setMessage(Translation.message(waiting.message()))
            .setPlace(io.anywire.broker.remote.v1.Waiting.Place.valueOf(waiting.place().name()))
            .setAttempts(waiting.attempts());
    waiting.due().map(Translation::timestamp).ifPresent(builder::setDue);
    return builder.build();
  }

  static Waiting waiting(io.anywire.broker.remote.v1.Waiting waiting) {
    Waiting.Place place =
        switch (waiting.getPlace()) {
          case SET_ASIDE -> Waiting.Place.SET_ASIDE;
          case RESTING -> Waiting.Place.RESTING;
          case READY, PLACE_UNSPECIFIED, UNRECOGNIZED -> Waiting.Place.READY;
        };
    return new Waiting(
        Translation.message(waiting.getMessage()),
        place,
        waiting.getAttempts(),
        waiting.hasDue() ? Optional.of(Translation.instant(waiting.getDue())) : Optional.empty());
  }

  static SeekRequest seek(Topic topic, String subscription, Start to) {
    SeekRequest.Builder seek =
        SeekRequest.newBuilder().setTopic(Translation.topic(topic)).setSubscription(subscription);
    switch (to) {
      case Start.Now now -> {}
      case Start.Beginning beginning ->
          seek.setBeginning(SubscribeRequest.Beginning.getDefaultInstance());
      case Start.At at -> seek.setAt(Translation.timestamp(at.time()));
    }
    return seek.build();
  }

  static Start to(SeekRequest seek) {
    return switch (seek.getToCase()) {
      case BEGINNING -> SubscribeOptions.BEGINNING;
      case AT -> new Start.At(Translation.instant(seek.getAt()));
      case TO_NOT_SET -> SubscribeOptions.NOW;
    };
  }

  private static OptionalLong count(boolean known, long count) {
    return known ? OptionalLong.of(count) : OptionalLong.empty();
  }
}
