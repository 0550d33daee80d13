package io.anywire.broker.embedded.journal;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One journal: what is appended is written in batches, of whatever waits, each by one write and one
 * force, and is then committed in the same order.
 *
 * <p>{@link #append} and {@link #read} are thread-safe. Everything else belongs to one thread, the
 * writer: {@link #write} is called by it in a loop, and calls back what is committed.
 *
 * <p>When room is short, what takes room for long is refused, and leaves two segments to what does
 * not: while one of them is filled, nothing in the other is needed any more once a checkpoint
 * covers it, so settlements never come to an end. Where there is no segment to go on with until
 * that checkpoint is made, the journal is {@link #isStalled stalled}.
 *
 * <p>After a write or a force that failed the journal is poisoned: nothing more is written, and
 * everybody is told {@code UNAVAILABLE}. Whether what was on its way is in the journal is unknown
 * until it is opened again.
 */
public final class Journal implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final int MOST_IN_BATCH = 4 << 20;
  private static final int AGAIN = 1 << 20;

  /** How many look ahead together. */
  private static final int AHEAD = 32;

  private final Folder folder;
  private final long store;
  private final Segments segments;
  private final Durability durability;
  private final Checksum checksums = new Checksum();
  private final MpscUnboundedArrayQueue<Append> queue = new MpscUnboundedArrayQueue<>(1024);
  private final List<Append> batch = new ArrayList<>();
  private final ReentrantLock refusing = new ReentrantLock();
  private final boolean cut;

  private long[] positions = new long[1024];
  private ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
  private Segment current;

  /** Where {@link Append#lookAhead} ends. */
  long ahead;

  private long end;
  private volatile long written;
  private volatile long synced;
  private @Nullable Append carried;
  private byte[] carriedRecords = Append.NOTHING;
  private volatile @Nullable StatusRuntimeException over;
  private volatile boolean poisoned;

  /** What another than the writer could not force; the writer has to be poisoned by that. */
  private volatile @Nullable IOException unforced;

  private boolean closed;
  private boolean stalled;
  private boolean pressed;

  /** What was refused since it did not fit into the present segment left so many; 0 for none. */
  private volatile int refused;

  /**
   * Opens a journal, or makes it in an empty folder.
   *
   * @param background prepares segments ahead of need
   * @param replay is given the checkpoint, if there is one, and every record since
   * @throws CorruptStoreException when it is damaged; nothing has been changed then
   */
  public static Journal open(
      Folder folder, JournalSettings settings, Executor background, Recovered replay)
      throws IOException {
    for (String name : folder.names()) {
      if (name.endsWith(".new")) {
        folder.delete(name);
      }
    }
    return new Journal(folder, settings, background, replay);
  }

  private Journal(Folder folder, JournalSettings settings, Executor background, Recovered replay)
      throws IOException {
    this.folder = folder;
    this.durability = settings.durability();
    JournalFiles files = new JournalFiles(folder);
    SealedFile.Content identity = identity(files, settings);
    this.store = identity.store();
    this.segments =
        new Segments(folder, store, identity.bytes().getInt(), settings.mostSegments(), background);
    try {
      segments.open();
      replay.parts(segments.size());
      long from = files.restore(store, segments.origin(), replay);
      boolean isNew = segments.inUse().isEmpty() && from == segments.origin();
      Optional<Ending> before =
          isNew ? Optional.empty() : Optional.of(recovered(files, from, replay));
      this.end = before.isPresent() ? before.get().end() : begin();
      this.cut = before.isPresent() && before.get().torn();
      this.current = segmentOf(end);
      this.written = end;
      makeSafe(before.isPresent() ? before.get().synced() : end);
      this.synced = end;
      folder.delete(JournalFiles.CLEAN);
      folder.sync();
      segments.prepare();
    } catch (IOException | RuntimeException e) {
      segments.close();
      throw e;
    }
  }

  private static SealedFile.Content identity(JournalFiles files, JournalSettings settings)
      throws IOException {
    var known = files.identity();
    if (known.isPresent()) {
      return known.get();
    }
    byte[] size = ByteBuffer.allocate(4).putInt(settings.segmentBytes()).array();
    SealedFile.write(files.folder(), JournalFiles.STORE, new SecureRandom().nextLong() | 1, size);
    return files.identity().orElseThrow();
  }

  private Ending recovered(JournalFiles files, long from, Recovered replay) throws IOException {
    Recovery recovery = new Recovery(segments, store, replay);
    OptionalLong clean = files.clean(store);
    Ending ending = recovery.read(from, clean);
    if (clean.isEmpty()) {
      recovery.cut(ending);
    }
    return ending;
  }

  private long begin() throws IOException {
    current = segments.take(new SegmentHeader(store, 1, 0, 0));
    return segments.origin();
  }

  /**
   * What a process that was killed had written may not have been forced. Where a force had failed
   * it may count as forced, and can be read, and yet is not on the disk; so it is written again.
   */
  private void makeSafe(long from) throws IOException {
    for (Segment segment : segments.after(from / segments.size() - 1)) {
      long start = segment.generation() * segments.size();
      Segment next = segments.of(segment.generation() + 1);
      long until = next == null ? end : next.header().previousEnd();
      boolean inHeader = from - start <= SegmentHeader.PAGE;
      writeAgain(segment.file(), inHeader ? 0 : from - start, until - start);
      segment.file().force();
    }
  }

  private static void writeAgain(StoreFile file, long from, long until) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(AGAIN);
    for (long at = from / SegmentHeader.PAGE * SegmentHeader.PAGE; at < until; at += AGAIN) {
      file.read(at, bytes.clear().limit((int) Math.min(AGAIN, until - at)));
      file.write(at, bytes.flip());
    }
  }

  private Segment segmentOf(long position) throws IOException {
    Segment segment = segments.of(position / segments.size());
    if (segment == null) {
      throw segments.corrupt("segment", 0, "nothing holds position " + position);
    }
    return segment;
  }

  /** Whether opening it had to cut what a crash had left half written. */
  public boolean hasCut() {
    return cut;
  }

  /** How many bytes the records of one append may have together. */
  public int mostBytes() {
    return segments.size() - SegmentHeader.PAGE - BatchHeader.BYTES - 8;
  }

  /**
   * Whether what leaves so many segments would be refused, as far as is known. Looks for room if
   * so.
   */
  public boolean isFullFor(int leaves) {
    boolean full = !segments.has(refused == leaves ? leaves + 1 : leaves);
    if (full) {
      segments.prepare();
    }
    return full;
  }

  /**
   * Whether it cannot go on before a segment is free, which {@link #recycle} may bring about. For
   * the writer.
   */
  public boolean isStalled() {
    return stalled;
  }

  /** No segment will be free: the next write tries to make one, and fails if it cannot. */
  public void press() {
    pressed = true;
  }

  /** Hands over; a failure is told by {@link Append#failed}, in this thread or the writer's. */
  public void append(Append append) {
    queue.offer(append);
    if (over != null) {
      refuseWaiting();
    }
  }

  /** Whether something waits to be written. */
  public boolean hasWork() {
    return !queue.isEmpty() || carried != null;
  }

  /** Why it takes nothing any more; null while it does. */
  public @Nullable StatusRuntimeException over() {
    return over;
  }

  /** Writes one batch of what waits, if anything does, and commits it. */
  public boolean write() {
    IOException failed = unforced;
    if (failed != null && over == null) {
      poison(failed);
    }
    if (over != null) {
      refuseWaiting();
      return false;
    }
    try {
      fill();
      if (batch.isEmpty()) {
        return false;
      }
      long before = end;
      ByteBuffer bytes = sealed();
      if (durability == Durability.MEMORY) {
        commit();
        write(bytes, before);
      } else {
        write(bytes, before);
        commit();
      }
      return true;
    } catch (IOException | RuntimeException e) {
      poison(e);
      return false;
    }
  }

  /** Gathers what waits, as much as fits into a batch and into the segment. */
  private void fill() throws IOException {
    buffer.clear().position(BatchHeader.BYTES);
    stalled = false;
    while (true) {
      Append next = carried != null ? carried : queue.poll();
      if (next == null) {
        return;
      }
      byte[] records = carried != null ? carriedRecords : next.records();
      carried = null;
      boolean fits = fits(records.length);
      boolean ready = fits || batch.isEmpty();
      int leaves = next.leaves();
      if (ready && leaves > 0 && !segments.has(fits ? leaves : leaves + 1)) {
        refused = fits ? refused : leaves;
        next.failed(full());
        continue;
      }
      if (!fits) {
        carried = next;
        carriedRecords = records;
        stalled = ready && !segments.has(1) && !pressed;
        if (!ready || stalled) {
          return;
        }
        rollOrRefuse(next);
        continue;
      }
      ensure(records.length);
      place(end + buffer.position());
      buffer.put(records);
      batch.add(next);
    }
  }

  private StatusRuntimeException full() {
    return Status.RESOURCE_EXHAUSTED
        .withDescription("the store " + folder.path() + " is full")
        .asRuntimeException();
  }

  /** Notes where what is added to the batch next will be. */
  private void place(long position) {
    if (batch.size() == positions.length) {
      positions = Arrays.copyOf(positions, 2 * positions.length);
    }
    positions[batch.size()] = position;
  }

  /** A segment is never filled to its last byte, so that a position at its end is still in it. */
  private boolean fits(int more) {
    long size = BatchHeader.aligned(buffer.position() + (long) more);
    boolean alone = buffer.position() == BatchHeader.BYTES;
    return more == 0
        || end % segments.size() + size < segments.size() && (alone || size <= MOST_IN_BATCH);
  }

  private void ensure(int more) {
    if (buffer.remaining() < more) {
      int size = Math.max(buffer.capacity() * 2, buffer.position() + more);
      buffer = ByteBuffer.allocateDirect(size).put(buffer.flip());
    }
  }

  /** What finds no place is refused, and has not been written: all else is well. */
  private void rollOrRefuse(Append next) throws IOException {
    try {
      roll();
    } catch (StoreFullException e) {
      carried = null;
      next.failed(
          Status.RESOURCE_EXHAUSTED
              .withDescription(e.getMessage())
              .withCause(e)
              .asRuntimeException());
    }
  }

  /**
   * Goes on in another segment. With {@link Durability#FSYNC} everything in this one is safe; the
   * header of the next is forced with its first batch.
   */
  private void roll() throws IOException {
    current = segments.take(new SegmentHeader(store, end / segments.size() + 1, end, synced));
    end = current.generation() * segments.size() + SegmentHeader.PAGE;
    written = end;
    pressed = false;
    refused = 0;
    segments.prepare();
  }

  /** The batch with its header, ready to be written; empty when nothing is to be. */
  private ByteBuffer sealed() {
    int length = buffer.position() - BatchHeader.BYTES;
    if (length == 0) {
      return buffer.flip().position(BatchHeader.BYTES);
    }
    long generation = current.generation();
    int checksum = checksums.of(store, generation, end, buffer, BatchHeader.BYTES, length);
    BatchHeader header = new BatchHeader(length, end, synced, checksum);
    header.write(buffer, 0, store, generation, checksums);
    end = header.end();
    return buffer.flip();
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    if (!bytes.hasRemaining()) {
      return;
    }
    current.file().write(at % segments.size(), bytes);
    written = end;
    if (durability == Durability.FSYNC) {
      current.file().force();
      synced = end;
    }
  }

  private void commit() {
    for (int from = 0; from < batch.size(); from += AHEAD) {
      int until = Math.min(batch.size(), from + AHEAD);
      for (int i = from; i < until; i++) {
        ahead += batch.get(i).lookAhead();
      }
      for (int i = from; i < until; i++) {
        batch.get(i).committed(positions[i]);
      }
    }
    batch.clear();
  }

  /** Nothing more is written or forced: the next force may succeed and yet have lost something. */
  void poison(Throwable cause) {
    log.atError().addKeyValue("store", folder.path()).setCause(cause).log("The store is poisoned");
    poisoned = true;
    over(
        Status.UNAVAILABLE
            .withDescription(
                "the store %s failed (%s); whether it took this is unknown until it is opened again"
                    .formatted(folder.path(), cause))
            .withCause(cause)
            .asRuntimeException());
  }

  private void over(StatusRuntimeException why) {
    refusing.lock();
    try {
      over = why;
      List<Append> lost = List.copyOf(batch);
      batch.clear();
      lost.forEach(append -> append.failed(why));
      refuseWaiting();
    } finally {
      refusing.unlock();
    }
  }

  /** By whoever comes, since the writer may have gone. */
  private void refuseWaiting() {
    StatusRuntimeException why = over;
    refusing.lock();
    try {
      Append first = carried;
      carried = null;
      for (Append next = first != null ? first : queue.poll(); next != null; next = queue.poll()) {
        next.failed(why == null ? Status.UNAVAILABLE.asRuntimeException() : why);
      }
    } finally {
      refusing.unlock();
    }
  }

  /** Where the next batch will be: what was committed is before it. For the writer. */
  public long end() {
    return end;
  }

  /**
   * Keeps what the journal says before {@code position} apart from it, so that opening begins
   * there. Not for the writer, which it would hold up; only one at a time. When it cannot force
   * what the checkpoint covers, the next {@link #write} poisons the journal.
   *
   * @param position what {@link #end} said when {@code state} was taken
   */
  public void checkpoint(long position, byte[] state) throws IOException {
    if (durability != Durability.FSYNC) {
      force(position);
    }
    byte[] before = ByteBuffer.allocate(8).putLong(position).array();
    SealedFile.write(folder, JournalFiles.CHECKPOINT, store, before, state);
  }

  /** Forces everything before {@code position}, if the journal is well. */
  private void force(long position) throws IOException {
    long from = synced;
    awaitWritten(position);
    requireWell();
    try {
      for (Segment segment : segments.after(from / segments.size() - 1)) {
        segment.file().force();
      }
    } catch (IOException e) {
      unforced = e;
      throw e;
    }
    requireWell();
    synced = Math.max(synced, position);
  }

  private void requireWell() throws IOException {
    if (poisoned || unforced != null) {
      throw new IOException("the store is poisoned");
    }
  }

  /** Lets segments be used again that a checkpoint covers and nobody needs. For the writer. */
  public void recycle(long checkpoint, LongPredicate neededGeneration) {
    segments.recycle(checkpoint / segments.size(), neededGeneration);
    boolean begun = end % segments.size() > SegmentHeader.PAGE;
    if (refused > 0 && begun && segments.has(1) && !neededGeneration.test(current.generation())) {
      leave();
    }
    segments.prepare();
  }

  /** The generations before the one that a position is in, oldest first. */
  public List<Long> generationsBefore(long position) {
    return generations().stream().filter(one -> one < position / segments.size()).toList();
  }

  /** Nothing in this segment is needed, so it can be used again once another is begun. */
  private void leave() {
    try {
      roll();
      // A checkpoint may be at its beginning.
      if (durability == Durability.FSYNC) {
        current.file().force();
      }
    } catch (StoreFullException e) {
      log.atDebug().setCause(e).log("The segment is left later");
    } catch (IOException e) {
      poison(e);
    }
  }

  /** The generations that are in use, oldest first. */
  public List<Long> generations() {
    return segments.inUse().stream().map(Segment::generation).toList();
  }

  /**
   * Reads records again, with few reads where they are near each other. Only for threads that are
   * never interrupted.
   *
   * @param content is given each in turn, its kind first, in a buffer that is used again
   * @throws IOException when one is not what was written
   */
  public <T> List<T> read(List<Long> positions, Function<ByteBuffer, T> content)
      throws IOException {
    awaitWritten(positions.stream().mapToLong(one -> one + 1).max().orElse(0));
    RecordWindow window = new RecordWindow(segments, mostBytes());
    List<T> all = new ArrayList<>(positions.size());
    Segment segment = null;
    for (int i = 0; i < positions.size(); i++) {
      long position = positions.get(i);
      long next = i + 1 < positions.size() ? positions.get(i + 1) : position;
      if (segment == null || position / segments.size() != segment.generation()) {
        segment = segmentOf(position);
      }
      all.add(content.apply(window.record(segment, position, next)));
    }
    return all;
  }

  /** What is committed in memory is written a moment later. */
  private void awaitWritten(long position) throws IOException {
    while (written < position) {
      requireWell();
      Thread.onSpinWait();
    }
  }

  /**
   * Refuses what still waits, and marks the journal as closed in good order if it is well.
   * Idempotent; for the writer, or when it is gone.
   */
  @Override
  public void close() throws IOException {
    if (over == null) {
      over(Status.UNAVAILABLE.withDescription("the broker has been closed").asRuntimeException());
    }
    try {
      if (!poisoned && unforced == null && !closed) {
        force(end);
        SealedFile.write(
            folder, JournalFiles.CLEAN, store, ByteBuffer.allocate(8).putLong(end).array());
      }
    } finally {
      closed = true;
      segments.close();
    }
  }
}
