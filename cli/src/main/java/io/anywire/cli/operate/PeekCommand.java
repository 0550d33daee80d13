package io.anywire.cli.operate;

import io.anywire.broker.Waiting;
import io.anywire.cli.Terminal;
import io.anywire.cli.call.ContractOptions;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what waits. */
@Command(
    name = "peek",
    description = "Shows the first messages that a subscription waits to deliver; none is taken.",
    footer = {
      "",
      "Example, with ./anywire demo running:",
      "  anywire peek shop.v1.UserService --at anywire://127.0.0.1:8080 --count 3"
    })
public final class PeekCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private SubscriptionOptions which = new SubscriptionOptions();
  @Mixin private CountOption count = new CountOption();
  @Mixin private AtOptions at = new AtOptions();
  @Mixin private ContractOptions contract = new ContractOptions();

  /** Prints on {@code terminal}. */
  public PeekCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    int most = count.orElse(10);
    return at.with(broker -> {
      MessageView view = new MessageView(contract.source(broker.anywire(), at.url()));
      Place place = which.of(broker);
      Table table = new Table("ID", "TYPE", "WHERE", "ATTEMPTS", "DUE", "DATA");
      for (Waiting waiting :
          broker.broker().operations().peek(place.topic(), place.subscription(), most)) {
        if (at.json()) {
          terminal.out().println(view.json(json(place, waiting), waiting.message()));
        } else {
          table.row(
              waiting.message().id(),
              waiting.message().type(),
              where(waiting),
              String.valueOf(waiting.attempts()),
              waiting.due().map(Instant::toString).orElse(""),
              view.cell(waiting.message()));
        }
      }
      if (!at.json()) {
        table.print(terminal.out(), terminal.err(), "nothing waits in " + place);
      }
    });
  }

  private static JsonLine json(Place place, Waiting waiting) {
    JsonLine line = place.json().put("place", where(waiting)).put("attempts", waiting.attempts());
    waiting.due().ifPresent(due -> line.put("due", due.toString()));
    return line;
  }

  private static String where(Waiting waiting) {
    return waiting.place().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
