package io.anywire.bench;

import io.anywire.bench.Measurement.Latencies;
import io.anywire.bench.messaging.AnywireBroker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Tells processes to pass messages through a queue. Each has a broker or a folder of its own, so
 * that none takes another's messages.
 */
final class BrokerLoad implements Load {
  private static final Duration ONE_SECOND = Duration.ofSeconds(1);

  /** The rate at which latencies are measured. */
  private static final int PER_SECOND = 10_000;

  /** What all subjects together may keep on disk. */
  private static final long ROOM = 8L << 30;

  private final Setting setting;
  private final ScratchFolder folder;
  private final Deque<SubjectProcess> brokers = new ArrayDeque<>();

  BrokerLoad(Setting setting) {
    this.setting = setting;
    this.folder = new ScratchFolder(setting.folder(), ROOM);
  }

  /** As {@link io.anywire.bench.messaging.MessageArguments} reads them. */
  @Override
  public List<String> arguments(Subject subject) {
    return List.of(
        Integer.toString(setting.payload()),
        Integer.toString(setting.inFlight()),
        place(subject.arguments().getLast()));
  }

  @Override
  public void verify(Target target) {
    run(target, ONE_SECOND).requireAllGood();
  }

  @Override
  public LoadResult run(Target target, Duration duration) {
    return Ordering.run(target, duration);
  }

  @Override
  public Latencies latencies(Target target, Duration duration) {
    return Ordering.receipts(target, duration, PER_SECOND);
  }

  @Override
  public void close() {
    while (!brokers.isEmpty()) {
      brokers.pop().close();
    }
    folder.close();
  }

  /** What a subject's last argument is short for. */
  private String place(String kind) {
    return switch (kind) {
      case "folder" -> folder.next().toString();
      case "memory" -> "memory:bench";
      case "disk-memory", "disk-page-cache", "disk-fsync" -> disk(kind.substring(5));
      case "anywire" -> served("memory:bench");
      case "anywire-disk-fsync" -> served(disk("fsync"));
      default -> throw new BenchException("place: " + kind);
    };
  }

  private String disk(String durability) {
    return "disk:" + folder.next() + "?durability=" + durability;
  }

  private String served(String url) {
    var started =
        new SubjectProcess(
            Subject.of("broker", AnywireBroker.class), Optional.empty(), List.of(url));
    brokers.push(started);
    return "anywire://127.0.0.1:" + started.target().port();
  }
}
