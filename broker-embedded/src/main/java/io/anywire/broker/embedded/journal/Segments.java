package io.anywire.broker.embedded.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segment files of a journal: those that hold a part of it, by generation, and those that wait
 * to be used. One is made ready before it is needed: written full of zeros under another name,
 * forced, renamed, and the folder synced; so a file that is called a segment is whole. Thread-safe,
 * but only the writer takes and gives back.
 */
final class Segments implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Segments.class);
  private static final String PREFIX = "segment-";
  private static final int ZEROS = 1 << 20;

  /** A file that waits. */
  private record Spare(String name, StoreFile file) {}

  private final Folder folder;
  private final long store;
  private final int size;
  private final int most;
  private final Executor background;
  private final NavigableMap<Long, Segment> used = new ConcurrentSkipListMap<>();
  private final BlockingDeque<Spare> spares = new LinkedBlockingDeque<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger inUse = new AtomicInteger();
  private final AtomicInteger lastNumber = new AtomicInteger();
  private final AtomicBoolean preparing = new AtomicBoolean();

  /** Whether the last try to make one failed. */
  private volatile boolean noRoom;

  /**
   * @param size of a segment, in bytes
   * @param most how many there may be
   * @param background prepares segments ahead
   */
  Segments(Folder folder, long store, int size, int most, Executor background) {
    this.folder = folder;
    this.store = store;
    this.size = size;
    this.most = most;
    this.background = background;
  }

  int size() {
    return size;
  }

  /** Where the first batch of all is. */
  long origin() {
    return size + (long) SegmentHeader.PAGE;
  }

  /** How many files wait to be used that never were. */
  int blank() {
    return spares.size();
  }

  /** Opens those that are there, and looks at their headers. */
  void open() throws IOException {
    for (String name : folder.names()) {
      if (name.startsWith(PREFIX) && !name.endsWith(".new")) {
        open(name);
      }
    }
  }

  private void open(String name) throws IOException {
    lastNumber.accumulateAndGet(
        Integer.parseInt(name.substring(PREFIX.length())), (a, b) -> Math.max(a, b));
    StoreFile file = folder.open(name);
    count.incrementAndGet();
    ByteBuffer page = ByteBuffer.allocate(SegmentHeader.PAGE);
    file.read(0, page);
    page.clear();
    long found = file.size();
    if (found != size) {
      file.close();
      throw corrupt(name, found, "it ends here (expected: at " + size + ")");
    }
    if (SegmentHeader.isBlank(page)) {
      spares.add(new Spare(name, file));
      return;
    }
    String complaint = SegmentHeader.complaint(page, store);
    if (!complaint.isEmpty()) {
      file.close();
      throw corrupt(name, 0, complaint);
    }
    SegmentHeader header = SegmentHeader.read(page);
    Segment other = used.put(header.generation(), new Segment(name, file, header));
    inUse.incrementAndGet();
    if (other != null) {
      throw corrupt(name, 0, "it holds the same part of the journal as " + other.name());
    }
  }

  /** The segment of that generation; null when it is not there. */
  @Nullable Segment of(long generation) {
    return used.get(generation);
  }

  /** The segments in use, oldest first. */
  Collection<Segment> inUse() {
    return used.values();
  }

  /** Those of a later generation. */
  List<Segment> after(long generation) {
    return new ArrayList<>(used.tailMap(generation, false).values());
  }

  /** Whether so many more can be had: those that wait, and those that may be made. */
  boolean has(int wanted) {
    int unused = noRoom ? 0 : most - inUse.get();
    return Math.max(spares.size(), unused) >= wanted;
  }

  /**
   * Begins another generation in a segment that waits; its header is written, not forced.
   *
   * @throws StoreFullException when there is none and none can be made
   */
  Segment take(SegmentHeader header) throws IOException {
    Spare spare = waiting();
    if (spare == null) {
      spare = made();
    }
    Segment segment = new Segment(spare.name(), spare.file(), header);
    segment.file().write(0, header.page());
    used.put(header.generation(), segment);
    inUse.incrementAndGet();
    return segment;
  }

  /** One that waits, or is just being made and the last there may be; null when there is none. */
  private @Nullable Spare waiting() {
    while (spares.isEmpty() && preparing.get() && count.get() >= most) {
      LockSupport.parkNanos(this, TimeUnit.MICROSECONDS.toNanos(100));
    }
    return spares.poll();
  }

  /** Sees to it that one waits, in the background. */
  void prepare() {
    if ((spares.isEmpty() || noRoom)
        && count.get() < most
        && preparing.compareAndSet(false, true)) {
      background.execute(() -> {
        try {
          spares.add(made());
        } catch (IOException e) {
          log.atDebug().addKeyValue("store", folder.path()).setCause(e).log("No segment ahead");
        } finally {
          preparing.set(false);
        }
      });
    }
  }

  /** Lets segments older than a generation, of which nothing is needed, wait to be used again. */
  void recycle(long before, LongPredicate needed) {
    for (Segment segment : List.copyOf(used.headMap(before, false).values())) {
      if (!needed.test(segment.generation())) {
        used.remove(segment.generation());
        inUse.decrementAndGet();
        spares.add(new Spare(segment.name(), segment.file()));
      }
    }
  }

  /**
   * Removes what a crash may have left written in files that wait, and the segments behind the
   * journal's end.
   */
  void discardAfter(long generation) throws IOException {
    for (Segment segment : after(generation)) {
      used.remove(segment.generation());
      inUse.decrementAndGet();
      remove(segment.name(), segment.file());
    }
    for (Spare spare = spares.poll(); spare != null; spare = spares.poll()) {
      remove(spare.name(), spare.file());
    }
    folder.sync();
  }

  private void remove(String name, StoreFile file) throws IOException {
    file.close();
    folder.delete(name);
    count.decrementAndGet();
  }

  private Spare made() throws IOException {
    if (count.incrementAndGet() > most) {
      count.decrementAndGet();
      throw new StoreFullException(folder.path() + " has all the segments it may have: " + most);
    }
    String name = PREFIX + lastNumber.incrementAndGet();
    String aside = name + ".new";
    try {
      StoreFile file = folder.open(aside);
      try {
        fill(file);
        folder.rename(aside, name);
        folder.sync();
      } catch (IOException e) {
        discard(file, aside, name);
        throw e;
      }
      if (noRoom) {
        log.atInfo().addKeyValue("store", folder.path()).log("There is room again");
      }
      noRoom = false;
      return new Spare(name, file);
    } catch (IOException e) {
      if (!noRoom) {
        log.atWarn().addKeyValue("store", folder.path()).setCause(e).log("No room for a segment");
      }
      noRoom = true;
      count.decrementAndGet();
      throw new StoreFullException(folder.path() + " has no room for another segment", e);
    }
  }

  private void fill(StoreFile file) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(Math.min(size, ZEROS));
    for (int offset = 0; offset < size; offset += zeros.limit()) {
      file.write(offset, zeros.clear().limit(Math.min(zeros.capacity(), size - offset)));
    }
    file.force();
  }

  /** Gives the room back that it took, which a checkpoint may need to make more. */
  private void discard(StoreFile file, String... names) {
    try (file) {
      for (String name : names) {
        folder.delete(name);
      }
    } catch (IOException e) {
      log.atWarn().addKeyValue("store", folder.path()).setCause(e).log("Half a segment is left");
    }
  }

  CorruptStoreException corrupt(String name, long offset, String what) {
    return new CorruptStoreException(folder, name, offset, what);
  }

  @Override
  public void close() throws IOException {
    for (Segment segment : used.values()) {
      segment.file().close();
    }
    for (Spare spare : spares) {
      spare.file().close();
    }
  }
}
