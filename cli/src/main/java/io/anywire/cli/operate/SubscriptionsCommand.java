package io.anywire.cli.operate;

import io.anywire.cli.Terminal;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists subscriptions. */
@Command(
    name = "subscriptions",
    description = "Lists the subscriptions of a topic, or of all, connected or not.",
    footer = {
      "",
      "Example, with ./anywire demo running:",
      "  anywire subscriptions shop.v1.UserEvents --at anywire://127.0.0.1:8080"
    })
public final class SubscriptionsCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private ScopeOptions scope = new ScopeOptions();
  @Mixin private AtOptions at = new AtOptions();

  /** Prints on {@code terminal}. */
  public SubscriptionsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return at.with(broker -> {
      Table table = new Table("TOPIC", "KIND", "SUBSCRIPTION");
      for (Place place : scope.places(broker, Optional.empty())) {
        if (at.json()) {
          terminal.out().println(place.json());
        } else {
          table.row(place.topic().name(), Operated.word(place.topic()), place.subscription());
        }
      }
      if (!at.json()) {
        table.print(terminal.out(), terminal.err(), "no subscriptions at " + at.url());
      }
    });
  }
}
