package io.anywire.cli.operate;

import io.anywire.broker.SubscriptionState;
import io.anywire.cli.Terminal;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Counts what subscriptions have. */
@Command(
    name = "backlog",
    description = "Counts the messages of subscriptions by where they are.",
    footer = {
      "",
      "Examples, with ./anywire demo running:",
      "  anywire backlog --at anywire://127.0.0.1:8080",
      "  anywire backlog shop.v1.UserService --at anywire://127.0.0.1:8080 --json",
      "",
      "READY could be delivered now; SET ASIDE waits behind an earlier message of its ordering key;",
      "RESTING is not due yet; IN FLIGHT is being handled; DEAD are its dead letters. A dash: the",
      "broker cannot tell."
    })
public final class BacklogCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private ScopeOptions scope = new ScopeOptions();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "SUBSCRIPTION",
      description = "The subscription's name. Default: all of the topic.")
  private Optional<String> subscription = Optional.empty();

  @Mixin private AtOptions at = new AtOptions();

  /** Prints on {@code terminal}. */
  public BacklogCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return at.with(broker -> {
      Table table =
          new Table(
              "TOPIC",
              "KIND",
              "SUBSCRIPTION",
              "READY",
              "SET ASIDE",
              "RESTING",
              "IN FLIGHT",
              "DEAD",
              "CONSUMERS");
      for (Place place : scope.places(broker, subscription)) {
        var state = broker.broker().operations().state(place.topic(), place.subscription());
        if (at.json()) {
          terminal.out().println(json(place, state));
        } else {
          row(table, place, state);
        }
      }
      if (!at.json()) {
        table.print(terminal.out(), terminal.err(), "no subscriptions at " + at.url());
      }
    });
  }

  private static JsonLine json(Place place, SubscriptionState state) {
    return place
        .json()
        .put("ready", state.ready())
        .put("setAside", state.setAside())
        .put("resting", state.resting())
        .put("inFlight", state.inFlight())
        .put("dead", state.dead())
        .put("consumers", state.consumers());
  }

  private static void row(Table table, Place place, SubscriptionState state) {
    table.row(
        place.topic().name(),
        Operated.word(place.topic()),
        place.subscription(),
        cell(state.ready()),
        cell(state.setAside()),
        cell(state.resting()),
        cell(state.inFlight()),
        cell(state.dead()),
        cell(state.consumers()));
  }

  private static String cell(OptionalLong count) {
    return count.isPresent() ? String.valueOf(count.getAsLong()) : "-";
  }
}
