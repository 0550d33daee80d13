package io.anywire.cli.operate;

import io.anywire.broker.embedded.StoreReport;
import io.anywire.broker.embedded.StoreStatistics;
import io.anywire.broker.embedded.StoreStatistics.OfSubscription;
import io.anywire.broker.embedded.StoreStatistics.OfTopic;
import io.anywire.cli.CliException;
import io.anywire.cli.ExitCode;
import io.anywire.cli.Terminal;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Counts what a store holds. */
@Command(
    name = "stats",
    description = "Says what a store of disk:PATH holds that nobody has open; changes nothing.",
    footer = {
      "",
      "Examples:",
      "  anywire store stats /var/lib/shop",
      "  anywire store stats /var/lib/shop --json",
      "",
      "READY could be delivered, DELAYED is not due yet, DEAD are dead letters, DEFERRED waits",
      "behind all that, on disk only."
    })
public final class StoreStatsCommand implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin private StoreOptions store = new StoreOptions();

  /** Prints on {@code terminal}. */
  public StoreStatsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    StoreReport report = store.report();
    if (!report.isWhole()) {
      throw CliException.failed(
          report.path() + " is corrupt (anywire store verify " + report.path() + " says where)");
    }
    if (store.json()) {
      terminal.out().println(StoreStatsJson.of(report));
    } else {
      print(report.statistics());
    }
    return ExitCode.OK;
  }

  private void print(StoreStatistics statistics) {
    files(statistics);
    others(statistics);
    Table records = new Table("RECORDS", "COUNT", "BYTES");
    statistics
        .records()
        .forEach((kind, amount) ->
            records.row(kind, String.valueOf(amount.count()), String.valueOf(amount.bytes())));
    records.print(terminal.out(), terminal.err(), "no records");
    Table topics =
        new Table("TOPIC", "KIND", "SUBSCRIPTION", "READY", "DELAYED", "DEAD", "DEFERRED");
    statistics
        .topics()
        .forEach(topic -> topic.subscriptions().forEach(one -> row(topics, topic, one)));
    topics.print(terminal.out(), terminal.err(), "no subscriptions");
  }

  private static void row(Table table, OfTopic topic, OfSubscription one) {
    table.row(
        topic.topic().name(),
        Operated.word(topic.topic()),
        one.name(),
        String.valueOf(one.ready()),
        String.valueOf(one.delayed()),
        String.valueOf(one.dead()),
        String.valueOf(one.deferred()));
  }

  private void files(StoreStatistics statistics) {
    StoreStatistics.Segments segments = statistics.segments();
    line("segments", "%d of %d bytes", segments.count(), segments.bytes());
    line("used", "%d bytes", segments.used());
    line("free", "%d bytes", segments.free());
    line("reusable", "%d bytes", segments.reusable());
    segments
        .generations()
        .forEach(one ->
            line(
                "generation",
                "%d in %s%s",
                one.generation(),
                one.file(),
                one.reusable() ? ", reusable" : ""));
    segments.pins().forEach((what, count) -> line("pinned by", "%d %s", count, what));
    statistics
        .checkpoint()
        .ifPresentOrElse(
            one ->
                line(
                    "checkpoint",
                    "%d bytes of %s, up to position %d, %d bytes before the end",
                    one.bytes(),
                    one.time(),
                    one.position(),
                    one.since()),
            () -> line("checkpoint", "none"));
  }

  private void others(StoreStatistics statistics) {
    StoreStatistics.Past past = statistics.past();
    line("results", "%d, expired %d", statistics.results().count(), statistics.results().expired());
    line("choices", "%d", statistics.choices());
    line(
        "history",
        "%d events, %d of at most %d bytes, the oldest of %s",
        past.count(),
        past.bytes(),
        past.mostBytes(),
        past.oldest().map(Instant::toString).orElse("never"));
  }

  private void line(String name, String format, Object... values) {
    terminal.out().println("%-11s %s".formatted(name, format.formatted(values)));
  }
}
