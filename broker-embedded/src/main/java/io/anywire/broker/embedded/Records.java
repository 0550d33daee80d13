package io.anywire.broker.embedded;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.Message;
import io.anywire.broker.Stored;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscribeOptions.Start;
import io.anywire.broker.Topic;
import io.anywire.broker.embedded.journal.RecordReader;
import io.anywire.broker.embedded.journal.RecordWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The kinds of records and their fields, as {@code docs/store.md} has them. */
final class Records {
  static final int SETTINGS = 1;
  static final int TOPIC = 2;
  static final int SUBSCRIPTION = 3;
  static final int MESSAGE = 4;
  static final int DONE = 5;
  static final int RETRY = 6;
  static final int DEAD = 7;
  static final int REPLAY = 8;
  static final int DROP = 9;
  static final int PURGE = 10;
  static final int SEEK = 11;
  static final int RESULT = 12;
  static final int CHOICE = 13;
  static final int HELD = 14;
  static final int MOVED = 15;

  private static final List<String> NAMES =
      List.of(
          "settings",
          "topic",
          "subscription",
          "message",
          "done",
          "retry",
          "dead",
          "replay",
          "drop",
          "purge",
          "seek",
          "result",
          "choice",
          "held",
          "moved");

  private static final int SMALL = 24;

  private Records() {}

  /** What {@code docs/store.md} calls it. */
  static String name(int kind) {
    if (kind < 1 || kind > NAMES.size()) {
      throw new IllegalStateException("kind " + kind);
    }
    return NAMES.get(kind - 1);
  }

  static byte[] settings(long historyBytes, long historyMillis) {
    return new RecordWriter(SETTINGS, SMALL).number(historyBytes).number(historyMillis).done();
  }

  /** {@code workers} is the number of the subscription that a queue has; 0 for events. */
  static byte[] topic(int number, Topic topic, int workers) {
    return new RecordWriter(TOPIC, SMALL + topic.name().length())
        .number(number)
        .number(topic.kind().ordinal())
        .text(topic.name())
        .number(workers)
        .done();
  }

  static Topic topic(RecordReader fields) {
    Topic.Kind kind = Topic.Kind.values()[fields.small()];
    return new Topic(fields.text(), kind);
  }

  static byte[] subscription(int number, int topic, String name, Start start) {
    RecordWriter record =
        new RecordWriter(SUBSCRIPTION, SMALL + name.length())
            .number(number)
            .number(topic)
            .text(name);
    return start(record, start).done();
  }

  static byte[] message(int topic, long millis, long due, int priority, Message message) {
    int room =
        RecordWriter.room(topic)
            + RecordWriter.room(millis)
            + RecordWriter.room(due)
            + RecordWriter.room(priority)
            + MessageFields.room(message);
    RecordWriter record =
        new RecordWriter(MESSAGE, room).number(topic).number(millis).number(due).number(priority);
    return MessageFields.write(record, message).done();
  }

  /** What another broker had of a subscription here. */
  static byte[] held(int feed, long due, Stored stored) {
    Message message = stored.message();
    RecordWriter record =
        new RecordWriter(HELD, 2 * SMALL + MessageFields.room(message))
            .number(feed)
            .number(due)
            .number(message.priority())
            .number(stored.attempts())
            .number(stored.death().isPresent() ? 1 : 0);
    stored
        .death()
        .ifPresent(death ->
            record.number(death.time().toEpochMilli()).bytes(death.status().toByteString()));
    return MessageFields.write(record, message).done();
  }

  /** Reads the rest of a record of kind {@link #HELD}, all but its kind. */
  private static Stored held(RecordReader fields) {
    long unused = fields.number() + fields.number() + fields.number();
    int attempts = fields.small();
    Optional<Stored.Death> death = Optional.empty();
    if (fields.number() == 1) {
      Instant time = Instant.ofEpochMilli(fields.number());
      death = Optional.of(new Stored.Death(status(fields), time));
    }
    return new Stored(MessageFields.read(fields), attempts, Optional.empty(), death);
  }

  /** Messages of a subscription that are settled. */
  static byte[] done(int feed, long[] ascending) {
    RecordWriter record = new RecordWriter(DONE, SMALL + 4 * ascending.length);
    done(record, feed, ascending, ascending.length);
    return record.done();
  }

  /** Adds the first of these to such a record. */
  static void done(RecordWriter to, int feed, long[] ascending, int count) {
    to.number(feed).number(ranges(ascending, count));
    long last = 0;
    int from = 0;
    for (int i = 1; i <= count; i++) {
      if (i == count || ascending[i] != ascending[i - 1] + 1) {
        to.number(ascending[from] - last).number(i - 1 - from);
        last = ascending[i - 1];
        from = i;
      }
    }
  }

  private static int ranges(long[] ascending, int count) {
    int ranges = 1;
    for (int i = 1; i < count; i++) {
      ranges += ascending[i] == ascending[i - 1] + 1 ? 0 : 1;
    }
    return ranges;
  }

  /** Reads the message of a record of kind {@link #MESSAGE}, {@link #RESULT} or {@link #HELD}. */
  static Message message(RecordReader fields) {
    int kind = fields.kind();
    if (kind == HELD) {
      return held(fields).message();
    }
    if (kind == RESULT) {
      String unused = fields.text();
    } else {
      long unused = fields.number() + fields.number() + fields.number();
    }
    long unused = fields.number();
    return MessageFields.read(fields);
  }

  static byte[] retry(int feed, long sequence, int attempts, int crashes, long due) {
    return new RecordWriter(RETRY, SMALL + 16)
        .number(feed)
        .number(sequence)
        .number(attempts)
        .number(crashes)
        .number(due)
        .done();
  }

  static byte[] dead(
      int feed, long sequence, int attempts, boolean holdsKey, long millis, Status status) {
    return new RecordWriter(DEAD, SMALL + 16 + status.getSerializedSize())
        .number(feed)
        .number(sequence)
        .number(attempts)
        .number(holdsKey ? 1 : 0)
        .number(millis)
        .bytes(status.toByteString())
        .done();
  }

  /** Reads a record of kind {@link #DEAD}, or {@link #HELD} of a dead letter. */
  static DeadLetter letter(RecordReader fields, Message message) {
    if (fields.kind() == HELD) {
      Stored held = held(fields);
      Stored.Death death = held.death().orElseThrow();
      return new DeadLetter(message, death.status(), held.attempts(), death.time());
    }
    long unused = fields.number() + fields.number();
    int attempts = fields.small();
    long unusedFlag = fields.number();
    Instant time = Instant.ofEpochMilli(fields.number());
    return new DeadLetter(message, status(fields), attempts, time);
  }

  private static Status status(RecordReader fields) {
    try {
      return Status.parseFrom(fields.bytes());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a status in the journal", e);
    }
  }

  /** A record about several messages of a subscription. */
  static byte[] of(int kind, int feed, List<Long> sequences) {
    return numbers(new RecordWriter(kind, SMALL + 4 * sequences.size()).number(feed), sequences)
        .done();
  }

  /** {@code kept} are in flight. */
  static byte[] seek(int feed, List<Long> kept, Start start) {
    RecordWriter record = new RecordWriter(SEEK, SMALL + 4 * kept.size()).number(feed);
    return start(numbers(record, kept), start).done();
  }

  static byte[] result(String id, long until, Message value) {
    RecordWriter record =
        new RecordWriter(RESULT, SMALL + id.length() + MessageFields.room(value))
            .text(id)
            .number(until);
    return MessageFields.write(record, value).done();
  }

  static byte[] choice(String id, int choice, long until, long now) {
    return new RecordWriter(CHOICE, SMALL + id.length())
        .text(id)
        .number(choice)
        .number(until)
        .number(now)
        .done();
  }

  /** As many records follow, which are copies of those at these places. */
  static byte[] moved(List<Long> places) {
    return numbers(new RecordWriter(MOVED, SMALL + 4 * places.size()), places).done();
  }

  private static RecordWriter numbers(RecordWriter record, List<Long> ascending) {
    record.number(ascending.size());
    long last = 0;
    for (long one : ascending) {
      record.number(one - last);
      last = one;
    }
    return record;
  }

  static long[] numbers(RecordReader fields) {
    long[] all = new long[fields.small()];
    long last = 0;
    for (int i = 0; i < all.length; i++) {
      last += fields.number();
      all[i] = last;
    }
    return all;
  }

  private static RecordWriter start(RecordWriter record, Start start) {
    return switch (start) {
      case Start.Now now -> record.number(0);
      case Start.Beginning beginning -> record.number(1);
      case Start.At at ->
          record.number(2).number(at.time().getEpochSecond()).number(at.time().getNano());
    };
  }

  static Start start(RecordReader fields) {
    return switch (fields.small()) {
      case 0 -> SubscribeOptions.NOW;
      case 1 -> SubscribeOptions.BEGINNING;
      default -> new Start.At(Instant.ofEpochSecond(fields.number(), fields.number()));
    };
  }
}
