package io.anywire.broker.embedded;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.broker.BrokerProvider;
import io.anywire.broker.embedded.journal.CorruptStoreException;
import io.anywire.broker.embedded.journal.DiskFolder;
import io.anywire.broker.embedded.journal.Durability;
import io.anywire.broker.embedded.journal.JournalSettings;
import io.anywire.broker.embedded.journal.StoreLock;
import io.anywire.wire.Parameters;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Opens {@code disk:PATH}, a folder that one process at a time can have. All who open it in that
 * process share one broker, which is closed when the last of them closes it. Parameters, of whoever
 * comes first:
 *
 * <ul>
 *   <li>{@code durability}: what an acknowledgement survives: {@code fsync} a power cut, {@code
 *       page-cache} a killed process, {@code memory} an orderly close
 *   <li>{@code capacity}: how many MiB it may take on the disk, 10240 by default
 *   <li>{@code history}: how many bytes of past events are kept for subscriptions that are made
 *       later, 256 MiB by default, less where the capacity is small, and {@code history-time}: for
 *       how long, {@code off} by default
 *   <li>{@code segment}: the size of the files of a store that is made, 64 MiB by default; messages
 *       are smaller
 *   <li>{@code checkpoint}: how much of the journal is read at most, about, when it is opened again
 *       after a crash, 128 MiB by default; a quarter of the capacity where that is less. With
 *       millions of messages that wait it is up to four times as much
 * </ul>
 */
public final class DiskBrokerProvider implements BrokerProvider {
  private static final long HISTORY_BYTES = 256L << 20;
  private static final long CHECKPOINT_BYTES = 128L << 20;
  private static final Map<Path, Shared> STORES = new HashMap<>();

  /** A store that is open, with how many hold it. Guarded by {@link #STORES}. */
  private static final class Shared {
    private final DiskSettings settings;
    private final StoreLock lock;
    private final DiskStore store;
    private int holders;

    Shared(DiskSettings settings, StoreLock lock, DiskStore store) {
      this.settings = settings;
      this.lock = lock;
      this.store = store;
    }
  }

  @Override
  public Set<String> schemes() {
    return Set.of("disk");
  }

  @Override
  public Broker open(WireUrl url, Anywire anywire) {
    if (!url.hosts().isEmpty() || url.path().isEmpty()) {
      throw new IllegalArgumentException(
          url + ": no path, or a host (expected: disk:PATH, the folder of a store)");
    }
    DiskSettings settings = settings(url);
    synchronized (STORES) {
      Path path = folder(url);
      Shared shared = STORES.get(path);
      if (shared == null) {
        shared = openedApart(path, settings);
        STORES.put(path, shared);
      }
      if (!shared.settings.equals(settings)) {
        throw new IllegalArgumentException(
            url + ": it is open with other parameters (expected: the same)");
      }
      shared.holders++;
      return new EmbeddedBroker(shared.store, () -> release(path));
    }
  }

  private static DiskSettings settings(WireUrl url) {
    Parameters parameters = Parameters.of(url);
    String durability =
        parameters.choice("durability", "fsync", List.of("fsync", "page-cache", "memory"));
    long capacity = (long) parameters.number("capacity", 10_240, 1, 99_999_999) << 20;
    Optional<Duration> time =
        parameters.optionalDuration("history-time", Optional.empty(), Duration.ofSeconds(1));
    int segment = parameters.bytes("segment", 64 << 20, 256 << 10, 1 << 30) & ~4095;
    int most = (int) Math.clamp(capacity / segment, 5, Integer.MAX_VALUE);
    // With more, past events alone could make it full.
    long half = Math.min(HISTORY_BYTES, (most - 4L) * segment / 2);
    int history = parameters.bytes("history", (int) half, 0, Integer.MAX_VALUE);
    long quarter = Math.min(CHECKPOINT_BYTES, capacity / 4);
    int checkpoint = parameters.bytes("checkpoint", (int) quarter, 64 << 10, 1 << 30);
    parameters.requireNoOthers();
    return new DiskSettings(
        new JournalSettings(
            Durability.valueOf(durability.replace('-', '_').toUpperCase(Locale.ROOT)),
            segment,
            most),
        history,
        time.map(Duration::toMillis).orElse(0L),
        checkpoint);
  }

  private static Path folder(WireUrl url) {
    try {
      Path path = Path.of(url.path()).toAbsolutePath();
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path);
        new DiskFolder(path.getParent() == null ? path : path.getParent()).sync();
      }
      return path.toRealPath();
    } catch (IOException e) {
      throw Status.UNAVAILABLE
          .withDescription(url + ": no folder: " + e)
          .withCause(e)
          .asRuntimeException();
    }
  }

  /** In a thread that nobody interrupts, which would close the files that it opens. */
  private static Shared openedApart(Path path, DiskSettings settings) {
    return DiskStore.join(
        CompletableFuture.supplyAsync(
            () -> opened(path, settings),
            opening -> Thread.ofPlatform().name("anywire-disk-opener").start(opening)));
  }

  private static Shared opened(Path path, DiskSettings settings) {
    try {
      StoreLock lock = StoreLock.take(path);
      try {
        return new Shared(settings, lock, new DiskStore(new DiskFolder(path), settings));
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (CorruptStoreException e) {
      throw Status.DATA_LOSS.withDescription(e.getMessage()).withCause(e).asRuntimeException();
    } catch (IOException e) {
      throw Status.UNAVAILABLE.withDescription(e.getMessage()).withCause(e).asRuntimeException();
    }
  }

  private static void release(Path path) {
    synchronized (STORES) {
      Shared shared = STORES.get(path);
      if (shared != null && --shared.holders == 0) {
        STORES.remove(path);
        try {
          shared.store.close();
        } finally {
          unlock(path, shared.lock);
        }
      }
    }
  }

  private static void unlock(Path path, StoreLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw Status.UNAVAILABLE
          .withDescription("the lock of " + path)
          .withCause(e)
          .asRuntimeException();
    }
  }
}
