package io.anywire.cli.operate;

import io.anywire.broker.DeadLetter;
import io.anywire.cli.Terminal;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Puts dead letters back. */
@Command(
    name = "replay",
    description = "Puts dead letters back into their subscription, with no attempts counted.",
    footer = {
      "",
      "Examples, with ./anywire demo running:",
      "  anywire replay shop.v1.UserService --at anywire://127.0.0.1:8080 --code UNAVAILABLE",
      "  anywire replay shop.v1.OrderEvents orders --at anywire://127.0.0.1:8080",
      "",
      "Without --id, --type, --code or --before all of the subscription's go back."
    })
public final class ReplayCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private SubscriptionOptions which = new SubscriptionOptions();
  @Mixin private DeadLetterFilter filter = new DeadLetterFilter();
  @Mixin private Progress progress = new Progress();
  @Mixin private AtOptions at = new AtOptions();

  /** Prints on {@code terminal}. */
  public ReplayCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Predicate<DeadLetter> wanted = filter.predicate();
    return at.with(broker -> {
      Place place = which.of(broker);
      long count =
          progress.of(
              "replayed",
              terminal,
              soFar -> broker.deadLetters(place).replay(Counting.by(soFar, wanted)));
      terminal
          .out()
          .println(
              at.json()
                  ? place.json().put("replayed", count).toString()
                  : "replayed " + count + " of " + place);
    });
  }
}
