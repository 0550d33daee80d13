package io.anywire.conformance.crash;

import io.anywire.testing.FreePorts;
import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** The process that is killed. Used by one thread at a time, but for {@link #deaths}. */
final class Host implements AutoCloseable {
  private static final Duration STARTED = Duration.ofSeconds(60);
  private static final Pattern OPENED = Pattern.compile("opened in (\\d+) us");
  private static final Pattern COMPLAINT = Pattern.compile("^\\S+ (ERROR|WARN) .*");
  private static final Pattern EXPECTED =
      Pattern.compile("Cut a torn tail|shut ?down|CANCELLED|UNAVAILABLE");
  private static final long CLOSING_MILLIS = 150;

  private final int port = FreePorts.next();
  private final Path folder;
  private final String broker;
  private final Path notes;
  private final RandomGenerator random;
  private final List<Long> openings = Collections.synchronizedList(new ArrayList<>());
  private final List<String> complaints = new ArrayList<>();
  private Optional<LocalProcess> running = Optional.empty();
  private volatile int deaths;

  /**
   * @param folder of the store
   * @param parameters of the broker's URL
   * @param notes of the worker in the process
   */
  Host(Path folder, String parameters, Path notes, RandomGenerator random) {
    this.folder = folder;
    this.broker = "disk:" + folder + "?" + parameters;
    this.notes = notes;
    this.random = random;
  }

  /** Where clients find it, alive or dead. */
  String url() {
    // What is published twice comes twice, and here it is counted what the store repeats.
    return "anywire://127.0.0.1:" + port + "?repeat=off";
  }

  /** How often it has died: what was delivered before the last time is in nobody's hands now. */
  int deaths() {
    return deaths;
  }

  /** How long it took to open the store each time, in microseconds. */
  List<Long> openings() {
    return List.copyOf(openings);
  }

  /** What it logged that no crash explains. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Starts it, and waits until it serves. */
  void start() {
    LocalProcess process = launched();
    process.awaitLine(HostProcess.SERVING, STARTED);
    openings.add(Long.parseLong(process.awaitLine(OPENED, STARTED).group(1)));
  }

  /** Starts it and kills it while it opens the store, or a little later. */
  void killOpening() throws InterruptedException {
    LocalProcess process = launched();
    process.awaitLine(HostProcess.OPENING, STARTED);
    TimeUnit.MICROSECONDS.sleep(random.nextLong(2 * Figures.median(openings()) + 1_000));
    kill();
  }

  /** Kills it once it begins to write a checkpoint, if it does within that time. */
  void killInCheckpoint(Duration limit) throws InterruptedException {
    Path aside = folder.resolve("checkpoint.new");
    long end = System.nanoTime() + limit.toNanos();
    while (!Files.exists(aside) && System.nanoTime() - end < 0) {
      TimeUnit.MICROSECONDS.sleep(100);
    }
    TimeUnit.MICROSECONDS.sleep(random.nextLong(2_000));
    kill();
  }

  /** Asks it to end and kills it before it has, or just after. */
  void killClosing() throws InterruptedException {
    running.flatMap(process -> ProcessHandle.of(process.pid())).ifPresent(ProcessHandle::destroy);
    Thread.sleep(random.nextLong(CLOSING_MILLIS));
    kill();
  }

  /** Kills it. */
  void kill() {
    running.ifPresent(process -> {
      process.kill();
      deaths++;
      process.output().lines().filter(Host::isComplaint).forEach(complaints::add);
    });
    running = Optional.empty();
  }

  private static boolean isComplaint(String line) {
    return COMPLAINT.matcher(line).matches() && !EXPECTED.matcher(line).find();
  }

  private LocalProcess launched() {
    LocalProcess process =
        JavaProcess.of(HostProcess.class)
            .arguments(Integer.toString(port), broker, notes.toString())
            .start();
    running = Optional.of(process);
    return process;
  }

  @Override
  public void close() {
    kill();
  }
}
