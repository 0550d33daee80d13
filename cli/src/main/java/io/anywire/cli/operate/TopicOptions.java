package io.anywire.cli.operate;

import io.anywire.broker.Topic;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One topic. Not thread-safe. */
final class TopicOptions {
  @Parameters(index = "0", paramLabel = "TOPIC", description = "The topic's name.")
  private String topic = "";

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "queue, events or calls, where more than one topic has the name.")
  private Optional<Topic.Kind> kind = Optional.empty();

  Topic of(Operated at) {
    return at.topic(topic, kind);
  }
}
