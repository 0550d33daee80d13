package io.anywire.cli.operate;

import io.anywire.broker.DeadLetter;
import io.anywire.cli.CliException;
import io.anywire.cli.Terminal;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Deletes what waits, or dead letters. */
@Command(
    name = "purge",
    description = "Deletes what waits in a subscription, or its dead letters.",
    footer = {
      "",
      "Examples, with ./anywire demo running:",
      "  anywire purge shop.v1.UserService --at anywire://127.0.0.1:8080 --yes",
      "  anywire purge shop.v1.UserService --at anywire://127.0.0.1:8080 --dead-letters \\",
      "      --code ALREADY_EXISTS --yes",
      "",
      "What is being handled stays."
    })
public final class PurgeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private SubscriptionOptions which = new SubscriptionOptions();

  @Option(names = "--dead-letters", description = "The dead letters, rather than what waits.")
  private boolean deadLetters;

  @Mixin private DeadLetterFilter filter = new DeadLetterFilter();
  @Mixin private Consent consent = new Consent();
  @Mixin private Progress progress = new Progress();
  @Mixin private AtOptions at = new AtOptions();

  /** Prints on {@code terminal}. */
  public PurgeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (!deadLetters && filter.isGiven()) {
      throw CliException.usage(
          "--id, --type, --code and --before choose dead letters (expected: --dead-letters)");
    }
    Predicate<DeadLetter> wanted = filter.predicate();
    return at.with(broker -> {
      Place place = which.of(broker);
      long count = deadLetters ? ofDeadLetters(broker, place, wanted) : ofWaiting(broker, place);
      terminal
          .out()
          .println(
              at.json()
                  ? place.json().put("purged", count).toString()
                  : "purged " + count + " of " + place);
    });
  }

  private long ofWaiting(Operated broker, Place place) {
    var operations = broker.broker().operations();
    consent.require(
        operations.state(place.topic(), place.subscription()).waiting(),
        "messages that wait in " + place);
    return progress.of(
        "purged", terminal, soFar -> operations.purge(place.topic(), place.subscription()));
  }

  private long ofDeadLetters(Operated broker, Place place, Predicate<DeadLetter> wanted) {
    var letters = broker.deadLetters(place);
    consent.require(
        letters.list(Integer.MAX_VALUE).stream().filter(wanted).count(),
        "dead letters of " + place);
    return progress.of("purged", terminal, soFar -> letters.purge(Counting.by(soFar, wanted)));
  }
}
