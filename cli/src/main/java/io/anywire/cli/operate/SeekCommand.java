package io.anywire.cli.operate;

import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscribeOptions.Start;
import io.anywire.cli.CliException;
import io.anywire.cli.Terminal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves a subscription in time. */
@Command(
    name = "seek",
    description =
        "Moves a subscription to events in time: it goes on with what was published then.",
    footer = {
      "",
      "Examples, with ./anywire demo running:",
      "  anywire seek shop.v1.UserEvents orders --at anywire://127.0.0.1:8080 --to beginning --yes",
      "  anywire seek shop.v1.UserEvents orders --at anywire://127.0.0.1:8080 \\",
      "      --to 2026-01-31T12:00:00Z --yes",
      "",
      "What waits is let go; what was published from there on is delivered again, as far as the",
      "broker still has it."
    })
public final class SeekCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private SubscriptionOptions which = new SubscriptionOptions();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "WHEN",
      description = "beginning, now, or a time such as 2026-01-31T12:00:00Z.")
  private String to = "";

  @Mixin private Consent consent = new Consent();
  @Mixin private Progress progress = new Progress();
  @Mixin private AtOptions at = new AtOptions();

  /** Prints on {@code terminal}. */
  public SeekCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Start start = start();
    return at.with(broker -> {
      Place place = which.of(broker);
      var operations = broker.broker().operations();
      consent.require(
          operations.state(place.topic(), place.subscription()).waiting(),
          "messages that wait in " + place);
      long waiting =
          progress.of(
              "wait now",
              terminal,
              soFar -> operations.seek(place.topic(), place.subscription(), start));
      terminal
          .out()
          .println(
              at.json()
                  ? place.json().put("waiting", waiting).toString()
                  : waiting + " wait now in " + place);
    });
  }

  private Start start() {
    if (to.equals("beginning")) {
      return SubscribeOptions.BEGINNING;
    }
    if (to.equals("now")) {
      return SubscribeOptions.NOW;
    }
    try {
      return new Start.At(Instant.parse(to));
    } catch (DateTimeException e) {
      throw CliException.usage(
          "--to " + to + " (expected: beginning, now, or a time such as 2026-01-31T12:00:00Z)");
    }
  }
}
