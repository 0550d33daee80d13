package io.anywire.cli.operate;

import io.anywire.broker.DeadLetter;
import io.anywire.cli.Terminal;
import io.anywire.cli.call.ContractOptions;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows dead letters. */
@Command(
    name = "dead-letters",
    description =
        "Shows the messages that a topic's subscriptions have given up, the oldest first.",
    footer = {
      "",
      "Examples, with ./anywire demo running:",
      "  anywire dead-letters shop.v1.UserService --at anywire://127.0.0.1:8080",
      "  anywire dead-letters shop.v1.UserService --at anywire://127.0.0.1:8080 \\",
      "      --code ALREADY_EXISTS --json"
    })
public final class DeadLettersCommand implements Callable<Integer> {
  private static final int STANDARD = 100;

  private final Terminal terminal;

  @Mixin private SubscriptionOptions which = new SubscriptionOptions();
  @Mixin private DeadLetterFilter filter = new DeadLetterFilter();
  @Mixin private CountOption count = new CountOption();
  @Mixin private AtOptions at = new AtOptions();
  @Mixin private ContractOptions contract = new ContractOptions();

  /** Prints on {@code terminal}. */
  public DeadLettersCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    int most = count.orElse(STANDARD);
    Predicate<DeadLetter> wanted = filter.predicate();
    return at.with(broker -> {
      MessageView view = new MessageView(contract.source(broker.anywire(), at.url()));
      List<Place> places = which.all(broker);
      Table table =
          new Table("SUBSCRIPTION", "ID", "TYPE", "CODE", "MESSAGE", "ATTEMPTS", "TIME", "DATA");
      for (Place place : places) {
        for (DeadLetter letter : letters(broker, place, wanted, most)) {
          if (at.json()) {
            terminal.out().println(view.json(json(place, letter), letter.message()));
          } else {
            table.row(
                place.subscription(),
                letter.message().id(),
                letter.message().type(),
                code(letter),
                oneLine(letter.status().getMessage()),
                String.valueOf(letter.attempts()),
                letter.time().toString(),
                view.cell(letter.message()));
          }
        }
      }
      if (!at.json()) {
        table.print(terminal.out(), terminal.err(), "no such dead letters");
      }
    });
  }

  private List<DeadLetter> letters(
      Operated broker, Place place, Predicate<DeadLetter> wanted, int most) {
    int looked = filter.isGiven() ? Integer.MAX_VALUE : most;
    return broker.deadLetters(place).list(looked).stream().filter(wanted).limit(most).toList();
  }

  private static JsonLine json(Place place, DeadLetter letter) {
    return place
        .json()
        .put("code", code(letter))
        .put("message", letter.status().getMessage())
        .put("attempts", letter.attempts())
        .put("time", letter.time().toString());
  }

  private static String code(DeadLetter letter) {
    return Status.fromCodeValue(letter.status().getCode()).getCode().name();
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
