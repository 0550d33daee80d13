package io.anywire.broker.embedded;

import io.anywire.broker.Topic;
import io.anywire.broker.embedded.journal.RecordReader;
import io.anywire.broker.embedded.journal.RecordWriter;
import io.anywire.broker.embedded.journal.Recovered;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the journal says. Changed by the writer only, or by whoever opens the store while
 * it reads the journal again; topics and results may be looked up by anybody.
 */
final class DiskState implements Recovered {
  /** A result: where it is, and until when it is kept, in ms. */
  record Kept(long position, long until) {}

  private record Chosen(int choice, long until) {}

  private final @Nullable DiskStore store;
  private final Needed needed = new Needed();
  private final History history = new History(needed);
  private final Map<Topic, DiskTopic> topics = new ConcurrentHashMap<>();
  private final Map<Integer, DiskTopic> topicsByNumber = new HashMap<>();
  private final Map<Integer, DiskFeed> feeds = new HashMap<>();
  private final Map<String, Kept> results = new ConcurrentHashMap<>();
  private final Map<String, Chosen> choices = new HashMap<>();

  /** What the next records are copies of, while the journal is read again; and their places. */
  private final Deque<Long> moving = new ArrayDeque<>();

  private final Map<Long, Long> moves = new HashMap<>();
  private long latest;
  private int lastNumber;
  private int snapshotBytes;

  /**
   * @param store null for a look at it, which delivers nothing
   */
  DiskState(@Nullable DiskStore store) {
    this.store = store;
  }

  Needed needed() {
    return needed;
  }

  History history() {
    return history;
  }

  Map<Topic, DiskTopic> topics() {
    return topics;
  }

  Map<String, Kept> results() {
    return results;
  }

  /** A subscription by its number; null when there is none. */
  @Nullable DiskFeed feed(int number) {
    return feeds.get(number);
  }

  int choices() {
    return choices.size();
  }

  /** The highest number that a topic or subscription has. */
  int lastNumber() {
    return lastNumber;
  }

  /** The journal has been read. */
  void start() {
    feeds.values().forEach(DiskFeed::start);
  }

  @Override
  public void parts(int bytes) {
    needed.parts(bytes);
  }

  @Override
  public void record(long position, int kind, ByteBuffer bytes) {
    if (!moving.isEmpty()) {
      moves.put(moving.remove(), position);
      if (moving.isEmpty()) {
        moved(Moves.of(moves));
        moves.clear();
      }
      return;
    }
    int size = bytes.limit();
    RecordReader fields = new RecordReader(bytes);
    switch (kind) {
      case Records.SETTINGS -> history.bound(fields.number(), fields.number());
      case Records.TOPIC -> topic(fields);
      case Records.SUBSCRIPTION -> subscription(fields);
      case Records.MESSAGE ->
          message(
              topicOf(fields.small()),
              new NewMessage(fields.number(), fields.number(), fields.small(), size),
              position);
      case Records.RESULT -> result(fields.text(), fields.number(), position);
      case Records.CHOICE -> {
        boolean unused = choice(fields.text(), fields.small(), fields.number(), fields.number());
      }
      case Records.DONE -> done(fields);
      case Records.MOVED -> LongStream.of(Records.numbers(fields)).forEach(moving::add);
      default -> ofFeed(position, kind, fields);
    }
  }

  /**
   * Whether little of a generation is needed, and that little will not go by itself, as the past
   * does.
   */
  boolean isMostlyDead(long generation) {
    return needed.isMostlyDead(generation) && needed.part(history.oldestPosition()) > generation;
  }

  /** Tells the places in a generation of all that is needed. */
  void places(long generation, LongConsumer places) {
    LongConsumer inside =
        place -> {
          if (needed.part(place) == generation) {
            places.accept(place);
          }
        };
    feeds.values().forEach(feed -> feed.ledger().places(inside));
    results.values().forEach(one -> inside.accept(one.position()));
  }

  /** Follows what is needed to where it was moved. */
  void moved(Moves to) {
    feeds.values().forEach(feed -> feed.ledger().moved(to));
    results.replaceAll((id, one) -> {
      long after = to.after(one.position());
      if (after == one.position()) {
        return one;
      }
      needed.retain(after);
      needed.release(one.position());
      return new Kept(after, one.until());
    });
  }

  private void ofFeed(long position, int kind, RecordReader fields) {
    DiskFeed feed = feedOf(fields.small(), kind);
    Ledger ledger = feed.ledger();
    switch (kind) {
      case Records.RETRY ->
          ledger.retry(fields.number(), fields.small(), fields.small(), fields.number());
      case Records.DEAD -> {
        long sequence = fields.number();
        int unused = fields.small();
        ledger.die(sequence, fields.number() == 1, position);
      }
      case Records.REPLAY -> {
        for (long sequence : Records.numbers(fields)) {
          Ledger.Open unused = ledger.revive(sequence);
        }
      }
      case Records.DROP -> {
        for (long sequence : Records.numbers(fields)) {
          ledger.drop(sequence);
        }
      }
      case Records.PURGE -> {
        long unused = ledger.purge(set(Records.numbers(fields)));
      }
      case Records.SEEK -> {
        long unused = ledger.purge(set(Records.numbers(fields)));
        feed.begin(history.of(feed.topic().number(), Records.start(fields)));
      }
      case Records.HELD ->
          feed.held(
              null,
              position,
              fields.number(),
              fields.small(),
              fields.small(),
              fields.number() == 1);
      default -> throw new IllegalStateException("a record of kind " + kind);
    }
  }

  private void done(RecordReader fields) {
    while (fields.hasMore()) {
      Ledger ledger = feedOf(fields.small(), Records.DONE).ledger();
      long sequence = 0;
      for (int ranges = fields.small(); ranges > 0; ranges--) {
        sequence += fields.number();
        for (long more = fields.number(); more > 0; more--) {
          ledger.settle(sequence++);
        }
        ledger.settle(sequence);
      }
    }
  }

  private DiskFeed feedOf(int number, int kind) {
    DiskFeed feed = feeds.get(number);
    if (feed == null) {
      throw new IllegalStateException("a record of kind " + kind + " of no subscription");
    }
    return feed;
  }

  private static Set<Long> set(long[] numbers) {
    Set<Long> all = new HashSet<>();
    LongStream.of(numbers).forEach(all::add);
    return all;
  }

  private void topic(RecordReader fields) {
    int number = fields.small();
    Topic topic = Records.topic(fields);
    DiskTopic made = new DiskTopic(number, topic);
    topics.put(topic, made);
    topic(made, fields.small());
  }

  /** A topic is there; {@code workers} is the number of a queue's subscription. */
  void topic(DiskTopic topic, int workers) {
    topicsByNumber.put(topic.number(), topic);
    lastNumber = Math.max(lastNumber, topic.number());
    if (topic.topic().kind() == Topic.Kind.QUEUE) {
      DiskFeed unused = subscription(topic, workers, Topic.WORKERS);
    }
  }

  private void subscription(RecordReader fields) {
    int number = fields.small();
    DiskTopic topic = topicOf(fields.small());
    DiskFeed feed = subscription(topic, number, fields.text());
    feed.begin(history.of(topic.number(), Records.start(fields)));
  }

  /** A subscription is there. */
  DiskFeed subscription(DiskTopic topic, int number, String name) {
    DiskFeed feed = new DiskFeed(store, number, topic, name, needed);
    feeds.put(number, feed);
    lastNumber = Math.max(lastNumber, number);
    topic.add(feed);
    return feed;
  }

  private DiskTopic topicOf(int number) {
    DiskTopic topic = topicsByNumber.get(number);
    if (topic == null) {
      throw new IllegalStateException("a record of topic " + number + ", which is not there");
    }
    return topic;
  }

  /** A message was published. */
  void message(DiskTopic topic, NewMessage message, long position) {
    for (DiskFeed feed : topic.feeds()) {
      feed.published(message, position);
    }
    if (topic.hasEvents()) {
      history.add(topic.number(), position, message.nanos(), message.size());
    }
  }

  /** A result is kept. */
  void result(String id, long until, long position) {
    needed.retain(position);
    Kept before = results.put(id, new Kept(position, until));
    if (before != null) {
      needed.release(before.position());
    }
  }

  /** A choice was made; whether it is what stands. */
  boolean choice(String id, int choice, long until, long now) {
    latest = Math.max(latest, now);
    Chosen before = choices.get(id);
    if (before == null || before.until() < latest) {
      choices.put(id, new Chosen(choice, until));
      return true;
    }
    return before.choice() == choice;
  }

  /** Forgets what has expired. */
  private void sweep(long now) {
    choices.values().removeIf(one -> one.until() < latest);
    results.forEach((id, one) -> {
      if (one.until() < now && results.remove(id, one)) {
        needed.release(one.position());
      }
    });
  }

  /** How many bytes the last snapshot had; 0 before the first. */
  int snapshotBytes() {
    return snapshotBytes;
  }

  /** Everything, as {@link #checkpoint} reads it. */
  byte[] snapshot() {
    sweep(System.currentTimeMillis());
    RecordWriter to = new RecordWriter(0, Math.max(1 << 16, snapshotBytes + snapshotBytes / 8));
    to.number(latest).number(lastNumber);
    history.write(to);
    to.number(topicsByNumber.size());
    topicsByNumber
        .values()
        .forEach(topic ->
            to.number(topic.number())
                .number(topic.topic().kind().ordinal())
                .text(topic.topic().name()));
    to.number(feeds.size());
    topicsByNumber
        .values()
        .forEach(topic ->
            topic
                .feeds()
                .forEach(feed -> {
                  to.number(topic.number()).number(feed.number()).text(feed.name());
                  feed.ledger().write(to);
                }));
    Map<String, Kept> kept = Map.copyOf(results);
    to.number(kept.size());
    kept.forEach((id, one) -> to.text(id).number(one.position()).number(one.until()));
    to.number(choices.size());
    choices.forEach((id, one) -> to.text(id).number(one.choice()).number(one.until()));
    needed.write(to);
    byte[] snapshot = to.done();
    snapshotBytes = snapshot.length;
    return snapshot;
  }

  @Override
  public void checkpoint(ByteBuffer state) {
    snapshotBytes = state.remaining();
    RecordReader from = RecordReader.of(state);
    latest = from.number();
    lastNumber = from.small();
    history.read(from);
    for (int left = from.small(); left > 0; left--) {
      int number = from.small();
      DiskTopic topic = new DiskTopic(number, Records.topic(from));
      topics.put(topic.topic(), topic);
      topicsByNumber.put(number, topic);
    }
    for (int left = from.small(); left > 0; left--) {
      DiskTopic topic = topicOf(from.small());
      int number = from.small();
      subscription(topic, number, from.text()).ledger().read(from);
    }
    for (int left = from.small(); left > 0; left--) {
      String id = from.text();
      long position = from.number();
      result(id, from.number(), position);
    }
    for (int left = from.small(); left > 0; left--) {
      String id = from.text();
      choices.put(id, new Chosen(from.small(), from.number()));
    }
    needed.read(from);
  }

  /** The topic if it is there. */
  Optional<DiskTopic> known(Topic topic) {
    return Optional.ofNullable(topics.get(topic));
  }
}
