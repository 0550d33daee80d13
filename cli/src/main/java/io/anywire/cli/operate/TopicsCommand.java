package io.anywire.cli.operate;

import io.anywire.broker.Topic;
import io.anywire.cli.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists a broker's topics. */
@Command(
    name = "topics",
    description = "Lists a broker's topics with their kinds and subscriptions.",
    footer = {
      "",
      "Example, with ./anywire demo running:",
      "  anywire topics --at anywire://127.0.0.1:8080"
    })
public final class TopicsCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private AtOptions at = new AtOptions();

  /** Prints on {@code terminal}. */
  public TopicsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return at.with(broker -> {
      Table table = new Table("TOPIC", "KIND", "SUBSCRIPTIONS");
      for (Topic topic : broker.topics()) {
        List<String> names = broker.places(topic).stream().map(Place::subscription).toList();
        if (at.json()) {
          terminal.out().println(Place.about(topic).put("subscriptions", names));
        } else {
          table.row(topic.name(), Operated.word(topic), String.join(", ", names));
        }
      }
      if (!at.json()) {
        table.print(terminal.out(), terminal.err(), "no topics at " + at.url());
      }
    });
  }
}
