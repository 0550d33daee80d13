package io.anywire.cli.operate;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A subscription of a topic. Not thread-safe. */
final class SubscriptionOptions {
  @Mixin private TopicOptions topic = new TopicOptions();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "SUBSCRIPTION",
      description = "Its name; needed where the topic has more than one.")
  private Optional<String> subscription = Optional.empty();

  /** The one that is meant. */
  Place of(Operated at) {
    return at.place(topic.of(at), subscription);
  }

  /** The one that is named, or all. */
  List<Place> all(Operated at) {
    return at.places(topic.of(at), subscription);
  }
}
