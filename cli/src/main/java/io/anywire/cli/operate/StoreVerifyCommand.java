package io.anywire.cli.operate;

import io.anywire.broker.embedded.StoreReport;
import io.anywire.broker.embedded.StoreStatistics;
import io.anywire.broker.embedded.journal.JournalEnd;
import io.anywire.cli.CliException;
import io.anywire.cli.ExitCode;
import io.anywire.cli.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Checks a store. */
@Command(
    name = "verify",
    description = "Checks a store of disk:PATH that nobody has open; changes nothing.",
    footer = {
      "",
      "Examples:",
      "  anywire store verify /var/lib/shop",
      "  anywire store verify /var/lib/shop --json",
      "",
      "Reads every batch and record that is needed, and looks for whatever the state points to. A",
      "tail that a crash has torn was never acknowledged, and goes when the store is opened: such a",
      "store is whole. One that is corrupt ends the command with 1."
    })
public final class StoreVerifyCommand implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin private StoreOptions store = new StoreOptions();

  /** Prints on {@code terminal}. */
  public StoreVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    StoreReport report = store.report();
    if (store.json()) {
      terminal.out().println(json(report));
    } else {
      print(report);
    }
    if (!report.isWhole()) {
      StoreReport.Damage first = report.damages().getFirst();
      throw CliException.failed(
          "%s is corrupt, in %d places: first %s at offset %d: %s"
              .formatted(
                  report.path(),
                  report.damages().size(),
                  first.file(),
                  first.offset(),
                  first.what()));
    }
    return ExitCode.OK;
  }

  private void print(StoreReport report) {
    StoreStatistics statistics = report.statistics();
    terminal
        .out()
        .println(
            "read     %d batches, %d records, %d segments"
                .formatted(
                    statistics.batches(), records(statistics), statistics.segments().count()));
    report
        .end()
        .ifPresent(end -> {
          terminal
              .out()
              .println(
                  "ends     in %s at offset %d, position %d"
                      .formatted(end.file(), end.offset(), end.position()));
          terminal.out().println("closed   " + closed(end));
        });
    report
        .damages()
        .forEach(damage ->
            terminal
                .out()
                .println(
                    "damaged  %s at offset %d: %s"
                        .formatted(damage.file(), damage.offset(), damage.what())));
    terminal.out().println((report.isWhole() ? "whole    " : "corrupt  ") + report.path());
  }

  private static String closed(JournalEnd end) {
    if (end.clean()) {
      return "in good order";
    }
    return end.torn() == 0
        ? "not: its process was killed, and nothing is torn"
        : "not: a crash tore its tail of "
            + end.torn()
            + " bytes, which was never acknowledged and goes when the store is opened";
  }

  private static long records(StoreStatistics statistics) {
    return statistics.records().values().stream().mapToLong(StoreStatistics.Amount::count).sum();
  }

  private static JsonLine json(StoreReport report) {
    JsonLine line =
        new JsonLine()
            .put("path", report.path().toString())
            .put("whole", report.isWhole())
            .put("batches", report.statistics().batches())
            .put("records", records(report.statistics()))
            .put("segments", report.statistics().segments().count());
    report
        .end()
        .ifPresent(end ->
            line.put("file", end.file())
                .put("offset", end.offset())
                .put("position", end.position())
                .put("clean", end.clean())
                .put("torn", end.torn()));
    return line.putAll(
        "damages",
        report.damages(),
        damage ->
            new JsonLine()
                .put("file", damage.file())
                .put("offset", damage.offset())
                .put("what", damage.what()));
  }
}
