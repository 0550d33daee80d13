package io.anywire.cli.operate;

import io.anywire.broker.Topic;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One topic, or all. Not thread-safe. */
final class ScopeOptions {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "TOPIC",
      description = "The topic's name. Default: all topics.")
  private Optional<String> topic = Optional.empty();

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "queue, events or calls, where more than one topic has the name.")
  private Optional<Topic.Kind> kind = Optional.empty();

  /** The subscriptions of the topic, or that one of it, or all of all topics. */
  List<Place> places(Operated at, Optional<String> subscription) {
    return topic
        .map(name -> at.places(at.topic(name, kind), subscription))
        .orElseGet(() -> at.places());
  }
}
