package io.anywire.broker.embedded;

import io.anywire.broker.Capabilities;
import io.anywire.broker.Capability;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Message;
import io.anywire.broker.Publication;
import io.anywire.broker.Results;
import io.anywire.broker.Stored;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscribeOptions.Start;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Topic;
import io.anywire.broker.Waiting;
import io.anywire.broker.embedded.journal.Append;
import io.anywire.broker.embedded.journal.Durability;
import io.anywire.broker.embedded.journal.Folder;
import io.anywire.broker.embedded.journal.Journal;
import io.anywire.broker.embedded.journal.JournalWriter;
import io.anywire.broker.embedded.journal.RecordReader;
import io.anywire.broker.embedded.journal.RecordWriter;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker on disk. Whatever changes it is a record that goes through the {@link Journal}, and
 * takes effect in {@link DiskState} when it is committed, in the writer's thread. Calls and inboxes
 * are in memory only. Thread-safe.
 */
final class DiskStore implements Store, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DiskStore.class);
  private static final Duration LONGEST_DELAY = Duration.ofDays(365);
  private static final int MOST_MESSAGE_BYTES = 64 << 20;
  private static final int HEADERS = 64 << 10;
  private static final long CALLS_BYTES = 256L << 20;

  /** How many times its own bytes are written from one checkpoint to the next, if that is more. */
  private static final int SHARE = 8;

  /** How many times as much as was asked for is read at most when it is opened, because of that. */
  private static final int MOST_AFTER = 4;

  private static final long LOADING_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Folder folder;
  private final StoreThreads threads;
  private final DiskSettings settings;
  private final DiskState state = new DiskState(this);
  private final Completions completions;
  private final Deliverers deliverers;
  private final Arrivals arrivals;
  private final MemoryStore volatileStore = new MemoryStore(CALLS_BYTES, 0);
  private final DiskResults results = new DiskResults(this, state);
  private final Compaction compaction = new Compaction(this, state);
  private final Publishing publishing = new Publishing(this, state);
  private final Settlements settlements = new Settlements(this);

  private final Map<SubscriptionName, CompletableFuture<DiskFeed>> subscribing =
      new ConcurrentHashMap<>();
  private final Journal journal;
  private final Capabilities capabilities;
  private final AtomicInteger lastNumber;
  private final JournalWriter writer;
  private long checkpointed;
  private boolean checkpointing;

  /** What waits for room. For the writer's thread. */
  private final List<Runnable> roomless = new ArrayList<>();

  /** Where the last checkpoint was after which segments were looked for; -1 for none. */
  private long recycledAt = -1;

  /** What the writer has still to do about a checkpoint. */
  private volatile @Nullable Runnable afterCheckpoint;

  private record SubscriptionName(Topic topic, String name) {}

  /**
   * Opens the store in a folder, or makes it.
   *
   * @throws IOException when it is damaged, or cannot be read or written
   */
  DiskStore(Folder folder, DiskSettings settings) throws IOException {
    this(folder, settings, new OwnThreads());
  }

  /** The same with threads of one's own, which it closes. */
  DiskStore(Folder folder, DiskSettings settings, StoreThreads threads) throws IOException {
    this.folder = folder;
    this.settings = settings;
    this.threads = threads;
    this.completions = new Completions(threads.teller());
    this.deliverers = new Deliverers(threads.teller());
    this.arrivals = new Arrivals(deliverers);
    try {
      this.journal = Journal.open(folder, settings.journal(), threads.keeper(), state);
    } catch (IOException | RuntimeException e) {
      threads.close();
      volatileStore.close();
      throw e;
    }
    this.capabilities = said();
    this.lastNumber = new AtomicInteger(state.lastNumber());
    this.checkpointed = journal.end();
    this.writer = threads.writer(journal, this::afterBatch);
    try {
      inWriter(state::start);
      keepHistory();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void keepHistory() {
    long bytes = settings.historyBytes();
    long millis = settings.historyMillis();
    join(
        ask(() -> state.history().isBoundBy(bytes, millis))
            .thenCompose(same ->
                same
                    ? CompletableFuture.completedFuture(null)
                    : change(
                        Records.settings(bytes, millis),
                        position -> state.history().bound(bytes, millis))));
  }

  private Capabilities said() {
    Set<Capability> all = EnumSet.allOf(Capability.class);
    if (settings.journal().durability() == Durability.MEMORY) {
      all.remove(Capability.DURABLE);
    }
    if (settings.historyBytes() == 0) {
      all.remove(Capability.REPLAY);
    }
    int most = Math.min(MOST_MESSAGE_BYTES, journal.mostBytes() - HEADERS);
    return new Capabilities(all, most, Optional.empty(), LONGEST_DELAY);
  }

  DiskSettings settings() {
    return settings;
  }

  @Override
  public Deliverers deliverers() {
    return deliverers;
  }

  Arrivals arrivals() {
    return arrivals;
  }

  Settlements settlements() {
    return settlements;
  }

  Completions completions() {
    return completions;
  }

  Optional<DiskTopic> known(Topic topic) {
    return state.known(topic);
  }

  /** When something that rests so long is due, in ms since 1970; 0 for at once. */
  static long due(Duration delay) {
    // A part of a millisecond counts as a whole one, so that nothing is due too early.
    return delay.isZero()
        ? 0
        : Math.addExact(System.currentTimeMillis(), delay.plusMillis(1).toMillis());
  }

  /** How long something rests that is due then. */
  static Duration until(long due) {
    long millis = due == 0 ? 0 : due - System.currentTimeMillis();
    return millis <= 0 ? Duration.ZERO : Duration.ofMillis(millis);
  }

  /** Waits for what the writer will do. */
  static <T> T join(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StatusRuntimeException status ? status : e;
    }
  }

  /** How many bytes the records of one append may have together. */
  int mostBytes() {
    return journal.mostBytes();
  }

  /** Hands something over to the writer. */
  void append(Append append) {
    writer.append(append);
  }

  /** Puts a record into the journal; {@code change} happens when it is committed. */
  CompletionStage<Void> change(byte[] record, LongConsumer change) {
    return taken(record, 0, change);
  }

  /** The same for a change that comes to something. */
  <T> CompletionStage<T> changed(byte[] record, LongFunction<T> change) {
    Change<T> append = new Change<>(completions, () -> record, change);
    append(append);
    return append.result();
  }

  /** The same for what takes room, and is refused unless so many segments are left. */
  CompletionStage<Void> taken(byte[] record, int leaves, LongConsumer change) {
    Change<Void> append =
        new Change<>(
            completions,
            () -> record,
            position -> {
              change.accept(position);
              return null;
            },
            leaves);
    append(append);
    return append.result();
  }

  /** The same for what is not refused, and waits until there is room. */
  CompletionStage<Void> takenInTime(byte[] record, LongConsumer change) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    tryToTake(record, change, result);
    return result;
  }

  private void tryToTake(byte[] record, LongConsumer change, CompletableFuture<Void> result) {
    var unused =
        taken(record, Append.LEAVES_SOME, change)
            .whenComplete((done, failure) -> {
              if (failure == null) {
                result.complete(null);
              } else if (Status.fromThrowable(failure).getCode() == Code.RESOURCE_EXHAUSTED) {
                awaitRoom(record, change, result);
              } else {
                result.completeExceptionally(failure);
              }
            });
  }

  /** Until segments were recycled, unless they have been by now. */
  private void awaitRoom(byte[] record, LongConsumer change, CompletableFuture<Void> result) {
    Runnable again = () -> tryToTake(record, change, result);
    var unused =
        ask(() -> journal.isFullFor(Append.LEAVES_SOME) ? roomless.add(again) : run(again))
            .exceptionally(closed -> result.completeExceptionally(closed));
  }

  private static boolean run(Runnable work) {
    work.run();
    return true;
  }

  /** Asks the state something, in its turn. */
  <T> CompletableFuture<T> ask(Supplier<T> question) {
    Change<T> append = new Change<>(completions, () -> Append.NOTHING, at -> question.get());
    append(append);
    return append.result();
  }

  /** Does something in the writer's thread. */
  void inWriter(Runnable work) {
    CompletionStage<Boolean> unused = ask(() -> run(work));
  }

  /** Reads messages again. */
  CompletableFuture<List<Message>> messages(List<Long> places) {
    return read(() -> journal.read(places, record -> Records.message(new RecordReader(record))));
  }

  /** Reads the first of these records as they are, until there are so many bytes. */
  CompletableFuture<List<byte[]>> records(List<Long> places, int enough) {
    return read(() -> {
      List<byte[]> all = new ArrayList<>();
      int bytes = 0;
      for (int i = 0; i < places.size() && bytes < enough; i++) {
        byte[] record = journal.read(List.of(places.get(i)), RecordWriter::record).getFirst();
        all.add(record);
        bytes += record.length;
      }
      return all;
    });
  }

  /** Reads dead letters. */
  CompletableFuture<List<DeadLetter>> letters(List<DiskFeed.Dead> places) {
    return read(() -> {
      List<Message> messages =
          journal.read(
              places.stream().map(DiskFeed.Dead::position).toList(),
              record -> Records.message(new RecordReader(record)));
      Iterator<Message> next = messages.iterator();
      return journal.read(
          places.stream().map(DiskFeed.Dead::why).toList(),
          why -> Records.letter(new RecordReader(why), next.next()));
    });
  }

  private interface Reading<T> {
    T get() throws IOException;
  }

  private <T> CompletableFuture<T> read(Reading<T> reading) {
    CompletableFuture<T> result = new CompletableFuture<>();
    threads
        .reader()
        .execute(() -> {
          try {
            result.complete(reading.get());
          } catch (IOException | RuntimeException e) {
            log.atError().addKeyValue("store", folder.path()).setCause(e).log("A record is lost");
            result.completeExceptionally(
                Status.DATA_LOSS.withDescription(e.getMessage()).withCause(e).asRuntimeException());
          }
        });
    return result;
  }

  /**
   * Checks that a record can be taken now.
   *
   * @throws StatusRuntimeException {@code RESOURCE_EXHAUSTED}, or why the store takes nothing
   */
  void requireRoom(int bytes) {
    if (bytes > journal.mostBytes()) {
      throw exhausted(
          "the message needs %d bytes (expected: <= %d)".formatted(bytes, journal.mostBytes()));
    }
    StatusRuntimeException over = journal.over();
    if (over != null) {
      throw over;
    }
    if (journal.isFullFor(Append.LEAVES_MOST)) {
      throw exhausted("the store " + folder.path() + " is full");
    }
  }

  private static StatusRuntimeException exhausted(String why) {
    return Status.RESOURCE_EXHAUSTED.withDescription(why).asRuntimeException();
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public CompletionStage<Void> publish(Publication publication) {
    Topic topic = publication.topic();
    if (topic.kind() == Topic.Kind.CALLS) {
      return volatileStore.publish(publication);
    }
    return publishing.publish(topic(topic), publication);
  }

  /** The topic, which is made where somebody publishes or subscribes to it. */
  private DiskTopic topic(Topic topic) {
    DiskTopic known = state.topics().get(topic);
    return known != null ? known : state.topics().computeIfAbsent(topic, this::made);
  }

  /** Its record is in the queue before the topic can be found, and so before what names it. */
  private DiskTopic made(Topic topic) {
    DiskTopic made = new DiskTopic(lastNumber.incrementAndGet(), topic);
    int workers = topic.kind() == Topic.Kind.QUEUE ? lastNumber.incrementAndGet() : 0;
    CompletionStage<Void> unused =
        change(
            Records.topic(made.number(), topic, workers),
            position -> {
              state.topic(made, workers);
              made.feeds().forEach(DiskFeed::start);
            });
    return made;
  }

  @Override
  public Feed subscribed(Topic topic, String subscription, Start start) {
    if (topic.kind() == Topic.Kind.CALLS) {
      return volatileStore.subscribed(topic, subscription, SubscribeOptions.NOW);
    }
    requireMemoryFor(start);
    DiskTopic of = topic(topic);
    Optional<DiskFeed> known = of.feed(subscription);
    if (known.isPresent()) {
      return known.get();
    }
    if (topic.kind() == Topic.Kind.QUEUE) {
      return join(ask(() -> of.feed(subscription).orElseThrow()));
    }
    SubscriptionName name = new SubscriptionName(topic, subscription);
    try {
      return join(subscribing.computeIfAbsent(name, n -> subscribing(of, subscription, start)));
    } finally {
      subscribing.remove(name);
    }
  }

  /** Whoever comes later finds it made. */
  private CompletableFuture<DiskFeed> subscribing(DiskTopic topic, String name, Start start) {
    int number = lastNumber.incrementAndGet();
    Change<DiskFeed> change =
        new Change<>(
            completions,
            () ->
                topic.feed(name).isPresent()
                    ? Append.NOTHING
                    : Records.subscription(number, topic.number(), name, start),
            position -> topic.feed(name).orElseGet(() -> subscribed(topic, number, name, start)));
    append(change);
    return change.result();
  }

  private DiskFeed subscribed(DiskTopic topic, int number, String name, Start start) {
    DiskFeed feed = state.subscription(topic, number, name);
    feed.start();
    feed.begin(state.history().of(topic.number(), start));
    return feed;
  }

  private void requireMemoryFor(Start start) {
    if (!start.equals(SubscribeOptions.NOW) && !capabilities.has(Capability.REPLAY)) {
      throw Status.UNIMPLEMENTED
          .withDescription("with history=0 it lacks the capability '" + Capability.REPLAY + "'")
          .asRuntimeException();
    }
  }

  @Override
  public DeadLetters deadLetters(Topic topic, String subscription) {
    return topic.kind() == Topic.Kind.CALLS
        ? volatileStore.deadLetters(topic, subscription)
        : new DiskDeadLetters(this, topic, subscription);
  }

  @Override
  public Results results() {
    return results;
  }

  @Override
  public Map<String, EmbeddedInbox> inboxes() {
    return volatileStore.inboxes();
  }

  @Override
  public Set<Topic> topics() {
    Set<Topic> all = new HashSet<>(state.topics().keySet());
    all.addAll(volatileStore.topics());
    return all;
  }

  @Override
  public Set<String> subscriptions(Topic topic) {
    return topic.kind() == Topic.Kind.CALLS
        ? volatileStore.subscriptions(topic)
        : known(topic).map(DiskTopic::subscriptions).orElse(Set.of());
  }

  @Override
  public SubscriptionState state(Topic topic, String subscription) {
    if (topic.kind() == Topic.Kind.CALLS) {
      return volatileStore.state(topic, subscription);
    }
    DiskFeed feed = feed(topic, subscription);
    return join(ask(feed::state));
  }

  @Override
  public List<Waiting> peek(Topic topic, String subscription, int max) {
    if (topic.kind() == Topic.Kind.CALLS) {
      return volatileStore.peek(topic, subscription, max);
    }
    DiskFeed feed = feed(topic, subscription);
    DiskFeed.Peeked peeked = join(ask(() -> feed.peek(max)));
    return peeked.with(join(messages(peeked.places())));
  }

  @Override
  public long purge(Topic topic, String subscription) {
    return topic.kind() == Topic.Kind.CALLS
        ? volatileStore.purge(topic, subscription)
        : join(feed(topic, subscription).purge());
  }

  @Override
  public List<Waiting> loaded(Topic topic, String subscription, int max) {
    DiskFeed feed = feed(topic, subscription);
    DiskFeed.Loaded loaded = join(ask(() -> feed.loaded(max)));
    while (loaded.first().isEmpty() && loaded.loading()) {
      LockSupport.parkNanos(LOADING_NANOS);
      loaded = join(ask(() -> feed.loaded(max)));
    }
    if (loaded.first().isEmpty() && loaded.unreadable()) {
      throw Status.DATA_LOSS
          .withDescription("what waits in " + topic + ", " + subscription + " cannot be read")
          .asRuntimeException();
    }
    return loaded.first();
  }

  @Override
  public long remove(Topic topic, String subscription, Set<String> ids) {
    return join(feed(topic, subscription).remove(ids));
  }

  @Override
  public CompletionStage<Void> put(Topic topic, String subscription, Stored stored) {
    Feed unused = subscribed(topic, subscription, SubscribeOptions.NOW);
    return publishing.put(feed(topic, subscription), stored);
  }

  @Override
  public long seek(Topic topic, String subscription, Start to) {
    requireMemoryFor(to);
    DiskFeed feed = feed(topic, subscription);
    return join(feed.seek(to, start -> state.history().of(feed.topic().number(), start)));
  }

  @Override
  public Set<EmbeddedInbox> tails(Topic topic) {
    return topic.kind() == Topic.Kind.CALLS
        ? volatileStore.tails(topic)
        : known(topic).orElseThrow(() -> EmbeddedOperations.missing(topic)).tails();
  }

  private DiskFeed feed(Topic topic, String subscription) {
    return known(topic)
        .orElseThrow(() -> EmbeddedOperations.missing(topic))
        .feed(subscription)
        .orElseThrow(() -> EmbeddedOperations.missing(topic, subscription));
  }

  private void afterBatch() {
    publishing.batchOver();
    arrivals.batchOver();
    completions.tell();
    Runnable made = afterCheckpoint;
    if (made != null) {
      afterCheckpoint = null;
      made.run();
    }
    if (checkpointing || journal.over() != null) {
      return;
    }
    if (journal.isStalled() && recycledAt == journal.end()) {
      journal.press();
    } else if (isCheckpointDue()) {
      checkpointing = true;
      checkpointed = journal.end();
      Set<Long> free = new HashSet<>(journal.generations());
      free.removeIf(state.needed()::any);
      checkpoint(checkpointed, state.snapshot(), free);
    }
  }

  private void tryAgain() {
    List<Runnable> all = List.copyOf(roomless);
    roomless.clear();
    all.forEach(Runnable::run);
  }

  private boolean isCheckpointDue() {
    long since = journal.end() - checkpointed;
    long after = settings.checkpointAfter();
    return since > Math.clamp((long) SHARE * state.snapshotBytes(), after, MOST_AFTER * after)
        || since > 0 && journal.isFullFor(Append.LEAVES_MOST)
        || journal.isStalled();
  }

  /** What is free is so by the checkpoint, so that what it says is needed is there. */
  private void checkpoint(long position, byte[] snapshot, Set<Long> free) {
    threads
        .keeper()
        .execute(() -> {
          boolean made = makeCheckpoint(position, snapshot);
          // Apart from what waits to be written: that may wait for this.
          afterCheckpoint =
              () -> {
                if (made) {
                  recycle(position, free);
                  tryAgain();
                }
                recycledAt = position;
                checkpointing = false;
              };
          inWriter(() -> {});
        });
  }

  private void recycle(long position, Set<Long> free) {
    journal.recycle(position, generation -> !free.contains(generation));
    free.removeAll(journal.generations());
    free.forEach(state.needed()::forget);
    compaction.begin(journal.generationsBefore(position), journal.isFullFor(Append.LEAVES_MOST));
  }

  private boolean makeCheckpoint(long position, byte[] snapshot) {
    try {
      journal.checkpoint(position, snapshot);
      return true;
    } catch (IOException e) {
      log.atWarn().addKeyValue("store", folder.path()).setCause(e).log("No checkpoint was made");
      return false;
    }
  }

  /** Writes what waits, keeps a checkpoint, and closes in good order. */
  @Override
  public void close() {
    writer.close();
    tryAgain();
    completions.tell();
    awaitAll(threads.reader());
    CompletableFuture.runAsync(this::closeJournal, threads.keeper()).join();
    completions.tell();
    threads.close();
    volatileStore.close();
  }

  private static void awaitAll(Executor executor) {
    CompletableFuture.runAsync(() -> {}, executor).join();
  }

  /** In good order also where there is no room for a checkpoint: opening reads more then. */
  private void closeJournal() {
    try (journal) {
      if (journal.over() == null) {
        journal.checkpoint(journal.end(), state.snapshot());
      }
    } catch (IOException e) {
      log.atWarn().addKeyValue("store", folder.path()).setCause(e).log("Not closed in good order");
    }
  }
}
