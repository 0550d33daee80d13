package io.anywire.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anywire.bench.BarChart.Bar;
import io.anywire.bench.Lab.Plan;
import io.anywire.bench.Openings.Opening;
import io.anywire.bench.messaging.StoreMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command behind {@code dev/bench growth}: what a store with very many messages, topics or
 * subscriptions still does, beside one with few.
 */
@Command(
    name = "dev/bench growth",
    description = {
      "Measures what disk: does with many messages, topics and subscriptions, beside one queue that"
          + " is empty.",
      "Then, how long a store with all the messages takes to open. docs/benchmarks.md says more."
    })
final class Growth implements Callable<Integer> {
  private static final String SIMPLE = "simple";
  private static final String BACKLOG = "backlog";
  private static final String ONE_SUBSCRIPTION = "1-subscription";
  private static final String SUBSCRIPTIONS = "-subscriptions";

  /** What a message takes on disk besides its payload, generously. */
  private static final int ENVELOPE = 300;

  @Option(
      names = "--messages",
      defaultValue = "10000000",
      description = "In the backlog; default: ${DEFAULT-VALUE}.")
  private long messages;

  @Option(
      names = "--topics",
      split = ",",
      defaultValue = "1000,10000",
      description = "How many queues; default: ${DEFAULT-VALUE}.")
  private List<Integer> topics = List.of();

  @Option(
      names = "--subscriptions",
      defaultValue = "100",
      description = "Of one topic; default: ${DEFAULT-VALUE}.")
  private int subscriptions;

  @Option(
      names = "--payload",
      defaultValue = "100",
      paramLabel = "BYTES",
      description = "Of each message; default: ${DEFAULT-VALUE}.")
  private int payload;

  @Option(
      names = "--in-flight",
      defaultValue = "20000",
      description = "How many deliveries at most are under way; default: ${DEFAULT-VALUE}.")
  private int inFlight;

  @Option(names = "--runs", defaultValue = "7", description = "Rounds; default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--openings",
      defaultValue = "3",
      description = "How often the store is opened; default: ${DEFAULT-VALUE}.")
  private int openings;

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

  @Option(
      names = "--folder",
      defaultValue = "${sys:java.io.tmpdir}",
      description = "Where to make the folder of the stores; default: ${DEFAULT-VALUE}.")
  private Path folder = Path.of("");

  @Option(names = "--csv", paramLabel = "FILE", description = "Write the results there too.")
  private Optional<Path> csv = Optional.empty();

  @Option(names = "--svg", paramLabel = "FILE", description = "Draw the results there too.")
  private Optional<Path> svg = Optional.empty();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  private Growth() {}

  /** Runs it. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Growth()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    var setting = new Setting(payload, inFlight, folder);
    try (var stores = new ScratchFolder(folder, 2 * messages * (payload + ENVELOPE) + (8L << 30));
        var load = new GrowthLoad(setting, stores)) {
      Results results = measure(load);
      List<GrowthCase> found = throughputs(results);
      if (results.measurements().containsKey(backlog())) {
        found.addAll(openings(load.store(backlog())));
      }
      print(found, results);
      return results.failures().isEmpty() ? 0 : 1;
    }
  }

  private Results measure(GrowthLoad load) throws InterruptedException {
    var plan =
        new Plan(Optional.empty(), false, Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds));
    try (var lab = new Lab(load, plan, System.err)) {
      return RoundRobin.run(subjects(), runs, lab);
    }
  }

  private List<Subject> subjects() {
    List<Subject> subjects = new ArrayList<>();
    subjects.add(subject(SIMPLE, 1, 0, 0));
    topics.forEach(many -> subjects.add(subject(many + "-topics", many, 0, 0)));
    subjects.add(subject(ONE_SUBSCRIPTION, 1, 1, 0));
    subjects.add(subject(subscriptions + SUBSCRIPTIONS, 1, subscriptions, 0));
    subjects.add(backlog());
    return subjects;
  }

  private Subject backlog() {
    return subject(BACKLOG, 1, 0, messages);
  }

  private static Subject subject(String name, int topics, int subscriptions, long backlog) {
    return Subject.of(
        name,
        StoreMessages.class,
        Integer.toString(topics),
        Integer.toString(subscriptions),
        Long.toString(backlog));
  }

  private static List<GrowthCase> throughputs(Results results) {
    List<GrowthCase> cases = new ArrayList<>();
    results
        .measurements()
        .forEach((subject, runs) -> {
          Spread spread = Metric.THROUGHPUT.of(runs);
          double ratio = spread.median() / median(results, simplerThan(subject.name()));
          cases.add(new GrowthCase(subject.name(), "throughput", "msg/s", spread, ratio));
        });
    return cases;
  }

  /** The case that one is compared to. */
  private static String simplerThan(String name) {
    return name.endsWith(SUBSCRIPTIONS) ? ONE_SUBSCRIPTION : SIMPLE;
  }

  private static double median(Results results, String name) {
    return results.measurements().entrySet().stream()
        .filter(each -> each.getKey().name().equals(name))
        .mapToDouble(each -> Metric.THROUGHPUT.of(each.getValue()).median())
        .findFirst()
        .orElse(Double.NaN);
  }

  private List<GrowthCase> openings(Path store) {
    List<GrowthCase> cases = new ArrayList<>();
    cases.addAll(openings("open-after-kill", Openings.killed(store, openings)));
    cases.addAll(openings("open-after-close", Openings.closed(store, openings)));
    return cases;
  }

  private static List<GrowthCase> openings(String name, List<Opening> times) {
    return List.of(
        GrowthCase.of(name, "time", "s", times, Opening::seconds),
        GrowthCase.of(name, "most-heap", "MiB", times, Opening::mostHeap),
        GrowthCase.of(name, "left-heap", "MiB", times, Opening::leftHeap));
  }

  private void print(List<GrowthCase> cases, Results results) throws IOException {
    cases.forEach(each -> System.out.println(each.row()));
    results
        .failures()
        .forEach((subject, why) -> System.out.println(subject.name() + " FAILED: " + why));
    if (csv.isPresent()) {
      List<String> lines = new ArrayList<>(List.of(GrowthCase.CSV_HEADER));
      cases.forEach(each -> lines.add(each.csv()));
      Files.write(csv.get(), lines, UTF_8);
    }
    if (svg.isPresent()) {
      chart(cases).write(svg.get());
    }
  }

  private BarChart chart(List<GrowthCase> cases) {
    return new BarChart()
        .add(
            "Messages delivered and settled per second, fsync",
            bars(cases.stream().filter(GrowthCase::hasRatio).toList()))
        .add(
            String.format(Locale.ROOT, "Seconds to open a store with %,d messages", messages),
            bars(cases.stream().filter(each -> each.metric().equals("time")).toList()));
  }

  private static List<Bar> bars(List<GrowthCase> cases) {
    return cases.stream()
        .map(each ->
            new Bar(
                each.name(),
                each.values().median(),
                each.values().min(),
                each.values().max(),
                each.hasRatio()
                    ? String.format(Locale.ROOT, "%s, x %.2f", each.medianText(), each.ratio())
                    : each.medianText()))
        .toList();
  }
}
