package io.anywire.bench;

import io.anywire.bench.Lab.Plan;
import io.anywire.bench.messaging.MessageLoad;
import io.anywire.bench.server.PemFiles;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;

/** The command behind {@code dev/bench}. Exits with 1 if a subject failed, 2 for a wrong option. */
@Command(
    name = "dev/bench",
    description = {
      "Measures Anywire and its peers, interleaved in one run.",
      "Each subject is a process: it is started, checked with one real call and warmed up; then"
          + " all are measured in turn, round after round. docs/benchmarks.md says more."
    })
public final class Bench implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "One of ${COMPLETION-CANDIDATES}.")
  private Benchmark benchmark = Benchmark.GRPC;

  @Option(names = "--json", description = "Print JSON lines instead of a table.")
  private boolean json;

  @Option(names = "--runs", defaultValue = "7", description = "Rounds; default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "Length of a measurement; default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "20",
      description = "Seconds of load before a process is measured; default: ${DEFAULT-VALUE}.")
  private int warmUp;

  @Option(names = "--fresh", description = "Measure a new process each time, warmed up anew.")
  private boolean fresh;

  @Option(names = "--tls", description = "Over TLS.")
  private boolean tls;

  @Option(
      names = "--payload",
      split = ",",
      defaultValue = "100,1024",
      paramLabel = "BYTES",
      description = "Of brokers: the messages' sizes; default: ${DEFAULT-VALUE}.")
  private List<Integer> payloads = List.of();

  @Option(
      names = "--in-flight",
      split = ",",
      defaultValue = "20000,1000",
      paramLabel = "MESSAGES",
      description = "Of brokers: how many at most are under way; default: ${DEFAULT-VALUE}.")
  private List<Integer> inFlight = List.of();

  @Option(
      names = "--folder",
      defaultValue = "${sys:java.io.tmpdir}",
      description =
          "Of brokers: where to make the folder for what is kept on disk, and removed when it is"
              + " measured; default: ${DEFAULT-VALUE}.")
  private Path folder = Path.of("");

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "SUBJECT",
      description = "These subjects instead of all; the first is what the others are compared to.")
  private List<String> only = List.of();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  /** Runs one benchmark. */
  public static void main(String[] args) {
    var command = new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true);
    command.setExecutionExceptionHandler(Bench::explain);
    System.exit(command.execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    requirePositive("--runs", runs);
    requirePositive("--seconds", seconds);
    requirePositive("--warm-up", warmUp);
    if (tls && !benchmark.hasTls()) {
      throw new BenchException("--tls: not for " + benchmark);
    }
    payloads.forEach(bytes -> requirePositive("--payload", bytes));
    inFlight.forEach(Bench::requireGrain);
    warnOfLoad();
    boolean good = true;
    List<Subject> selected = Subject.select(benchmark.allSubjects(), only);
    List<Setting> settings = Setting.each(payloads, inFlight, folder);
    for (Benchmark part : benchmark.parts()) {
      List<Subject> subjects = selected.stream().filter(part.subjects()::contains).toList();
      for (Setting setting : part.hasSettings() ? settings : settings.subList(0, 1)) {
        good &= subjects.isEmpty() || run(part, setting, subjects);
      }
    }
    return good ? 0 : 1;
  }

  private boolean run(Benchmark part, Setting setting, List<Subject> subjects)
      throws InterruptedException {
    Results results = measure(part, setting, subjects);
    String name = part.hasSettings() ? part + " " + setting : part.toString();
    var report = new Report(name, part.counted(), subjects.getFirst(), results);
    if (json) {
      report.printJson(System.out);
    } else {
      report.printTable(System.out);
    }
    return results.failures().isEmpty();
  }

  private Results measure(Benchmark part, Setting setting, List<Subject> subjects)
      throws InterruptedException {
    Optional<PemFiles> pem = tls ? Optional.of(SelfSigned.create()) : Optional.empty();
    var plan = new Plan(pem, fresh, Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds));
    try (Load load = part.load(setting);
        var lab = new Lab(load, plan, System.err)) {
      return RoundRobin.run(subjects, runs, lab);
    }
  }

  private static int explain(Exception e, CommandLine command, ParseResult parsed)
      throws Exception {
    if (e instanceof BenchException) {
      command.getErr().println("dev/bench: " + e.getMessage());
      return ExitCode.USAGE;
    }
    throw e;
  }

  private static void warnOfLoad() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    if (system.getSystemLoadAverage() > system.getAvailableProcessors() / 2.0) {
      System.err.printf(
          Locale.ROOT,
          "dev/bench: the load average is %.1f on %d processors: something else is running, and"
              + " the figures will not hold%n",
          system.getSystemLoadAverage(),
          system.getAvailableProcessors());
    }
  }

  private static void requireGrain(int inFlight) {
    if (inFlight < MessageLoad.GRAIN) {
      throw new BenchException(
          "--in-flight: " + inFlight + " (expected: >= " + MessageLoad.GRAIN + ")");
    }
  }

  private static void requirePositive(String option, int value) {
    if (value < 1) {
      throw new BenchException(option + ": " + value + " (expected: > 0)");
    }
  }
}
