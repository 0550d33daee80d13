package io.anywire.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells processes to pass messages through stores, each in a folder of its own. */
final class GrowthLoad implements Load {
  private static final Duration ONE_SECOND = Duration.ofSeconds(1);

  /** MiB that a store may take. */
  private static final int CAPACITY = 65_536;

  private final Setting setting;
  private final ScratchFolder folder;
  private final Map<Subject, Path> stores = new HashMap<>();

  /**
   * @param folder for the stores; not closed with this
   */
  GrowthLoad(Setting setting, ScratchFolder folder) {
    this.setting = setting;
    this.folder = folder;
  }

  /** The URL of a store. */
  static String url(Path store) {
    return "disk:" + store + "?durability=fsync&capacity=" + CAPACITY;
  }

  /** Where that subject's store is. */
  Path store(Subject subject) {
    return stores.computeIfAbsent(subject, s -> folder.next());
  }

  /** As {@link io.anywire.bench.messaging.MessageArguments} reads them. */
  @Override
  public List<String> arguments(Subject subject) {
    return List.of(
        Integer.toString(setting.payload()),
        Integer.toString(setting.inFlight()),
        url(store(subject)));
  }

  /** Publishes the backlog too, where there is to be one. */
  @Override
  public void verify(Target target) {
    run(target, ONE_SECOND).requireAllGood();
  }

  @Override
  public LoadResult run(Target target, Duration duration) {
    return Ordering.run(target, duration);
  }
}
