package io.anywire.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Publication;
import io.anywire.broker.Stored;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Topic;
import io.anywire.broker.Waiting;
import io.anywire.broker.embedded.journal.Durability;
import io.anywire.broker.embedded.journal.JournalSettings;
import io.anywire.broker.embedded.journal.ModelledFolder;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Uses a store at random, and knows of each message what may have become of it: what was
 * acknowledged leaves one answer, what was on its way when the power went leaves two. All in one
 * thread.
 */
final class DiskModel {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Status WHY = Status.newBuilder().setCode(3).build();

  /** What may have become of a message in a subscription. */
  private enum Fate {
    WAITS,
    DEAD,
    GONE
  }

  private record Place(Topic topic, String subscription) {}

  /** A message in somebody's hands. */
  private record Held(Place place, Feed feed, Entry entry) {}

  private final Random random;
  private final Durability durability;
  private final List<Place> places =
      List.of(
          new Place(Topic.queue("q"), Topic.WORKERS),
          new Place(Topic.events("e"), "a"),
          new Place(Topic.events("e"), "b"));
  private final Map<Place, Map<Integer, Set<Fate>>> fates = new HashMap<>();
  private final Map<String, Set<String>> results = new HashMap<>();
  private final List<Held> held = new ArrayList<>();
  private final Set<Integer> revived = new HashSet<>();
  private InlineThreads threads = new InlineThreads();
  private int lastNumber;

  DiskModel(Random random, Durability durability) {
    this.random = random;
    this.durability = durability;
    places.forEach(place -> fates.put(place, new TreeMap<>()));
  }

  /** Opens, checks what is there, and works on until the power goes. */
  void run(ModelledFolder folder) throws IOException {
    try {
      DiskStore store = open(folder);
      places.forEach(place -> subscribe(store, place));
      check(store);
      while (true) {
        step(store);
        if (random.nextInt(300) == 0) {
          store.close();
          run(folder);
          return;
        }
      }
    } catch (StatusRuntimeException e) {
      // The power may have gone while a segment was made, which shows first as want of room.
      assertThat(e.getStatus().getCode())
          .isIn(io.grpc.Status.Code.UNAVAILABLE, io.grpc.Status.Code.RESOURCE_EXHAUSTED);
      assertThat(folder.isOff()).as("power is off").isTrue();
    }
  }

  /** Opens once more, to check. */
  void check(ModelledFolder folder) throws IOException {
    DiskStore store = open(folder);
    places.forEach(place -> subscribe(store, place));
    check(store);
  }

  private DiskStore open(ModelledFolder folder) throws IOException {
    held.clear();
    threads = new InlineThreads();
    JournalSettings journal = new JournalSettings(durability, 16 << 10, 1000);
    return new DiskStore(folder, new DiskSettings(journal, 4000, 0, 6, 40_000), threads);
  }

  private static Feed subscribe(DiskStore store, Place place) {
    return store.subscribed(place.topic(), place.subscription(), SubscribeOptions.NOW);
  }

  private void step(DiskStore store) {
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> publish(store, places.get(random.nextInt(2)).topic());
      case 3, 4 -> take(store);
      case 5, 6 ->
          threads.asOneBatch(() -> {
            for (int i = random.nextInt(4); i >= 0 && !held.isEmpty(); i--) {
              settle(held.remove(random.nextInt(held.size())));
            }
          });
      default -> rarely(store);
    }
  }

  private void publish(DiskStore store, Topic topic) {
    int count = 1 + random.nextInt(5);
    List<CompletionStage<Void>> stages = new ArrayList<>();
    int first = lastNumber + 1;
    threads.asOneBatch(() -> {
      for (int i = 0; i < count; i++) {
        Message message = message(++lastNumber);
        Duration delay = random.nextInt(10) == 0 ? HOUR : Duration.ZERO;
        stages.add(store.publish(new Publication(topic, message, delay)));
      }
    });
    for (int i = 0; i < count; i++) {
      boolean acknowledged = done(stages.get(i));
      for (Place place : places) {
        if (place.topic().equals(topic)) {
          set(place, first + i, acknowledged, Fate.GONE, Fate.WAITS);
        }
      }
    }
  }

  private Message message(int number) {
    Message.Builder message =
        Message.builder()
            .attribute("id", "" + number)
            .payload(ByteString.copyFrom(new byte[random.nextInt(200)]));
    if (random.nextBoolean()) {
      message.attribute(Message.KEY, "k" + random.nextInt(3));
    }
    if (random.nextInt(10) == 0) {
      message.attribute(Message.PRIORITY, "" + random.nextInt(10));
    }
    return message.build();
  }

  private void take(DiskStore store) {
    Place place = places.get(random.nextInt(places.size()));
    Feed feed = subscribe(store, place);
    if (feed.backlog().state(0, 0).ready().orElse(0) == 0) {
      return;
    }
    for (Entry entry : feed.backlog().poll(new Taking(1 + random.nextInt(5)))) {
      assertThat(fates.get(place).get(number(entry.message())))
          .as("what is delivered of %s: %s", place, entry)
          .contains(Fate.WAITS);
      held.add(new Held(place, feed, entry));
    }
  }

  private void settle(Held one) {
    int number = number(one.entry().message());
    switch (random.nextInt(6)) {
      case 0 -> settled(one, number, new Outcome.RetryAfter(HOUR), Fate.WAITS);
      case 1 -> settled(one, number, new Outcome.Reject(WHY, random.nextBoolean()), Fate.DEAD);
      case 2 -> one.feed().giveBack(one.entry());
      default -> settled(one, number, Outcome.DONE, Fate.GONE);
    }
  }

  /** In doubt until it is acknowledged, which may be when the batch is written. */
  private void settled(Held one, int number, Outcome outcome, Fate then) {
    fates.get(one.place()).get(number).add(then);
    CompletionStage<Void> unused =
        one.feed()
            .settle(one.entry(), outcome)
            .thenRun(() -> fates.get(one.place()).put(number, new HashSet<>(Set.of(then))));
  }

  private void rarely(DiskStore store) {
    Place place = places.get(random.nextInt(places.size()));
    switch (random.nextInt(12)) {
      case 0 -> letters(store, place, Fate.WAITS);
      case 1 -> letters(store, place, Fate.GONE);
      case 2 -> purge(store, place);
      case 3, 4, 5 -> result(store);
      case 6, 7 -> put(store, place);
      case 8 -> remove(store, place);
      default -> {}
    }
  }

  /** A message that another broker had. */
  private void put(DiskStore store, Place place) {
    int number = ++lastNumber;
    int attempts = Math.max(0, random.nextInt(4) - 1);
    boolean dead = random.nextInt(4) == 0;
    Optional<Instant> due =
        random.nextInt(4) == 0 ? Optional.of(Instant.now().plus(HOUR)) : Optional.empty();
    if (attempts > 0) {
      revived.add(number);
    }
    Stored stored =
        new Stored(
            message(number),
            attempts,
            due,
            dead ? Optional.of(new Stored.Death(WHY, Instant.EPOCH)) : Optional.empty());
    boolean acknowledged = done(store.put(place.topic(), place.subscription(), stored));
    set(place, number, acknowledged, Fate.GONE, dead ? Fate.DEAD : Fate.WAITS);
  }

  /** Some of what waits goes to another broker. */
  private void remove(DiskStore store, Place place) {
    Set<String> ids = new HashSet<>();
    store
        .loaded(place.topic(), place.subscription(), 3)
        .forEach(one -> ids.add(one.message().id()));
    ids.forEach(id -> fates.get(place).get(Integer.parseInt(id)).add(Fate.GONE));
    assertThat(store.remove(place.topic(), place.subscription(), ids)).isEqualTo(ids.size());
    ids.forEach(id -> fates.get(place).put(Integer.parseInt(id), new HashSet<>(Set.of(Fate.GONE))));
  }

  private void letters(DiskStore store, Place place, Fate then) {
    var letters = store.deadLetters(place.topic(), place.subscription());
    Set<Integer> chosen = new HashSet<>();
    for (DeadLetter letter : letters.list(100)) {
      if (random.nextBoolean()) {
        chosen.add(number(letter.message()));
        revived.add(number(letter.message()));
        fates.get(place).get(number(letter.message())).add(then);
      }
    }
    int count =
        then == Fate.WAITS
            ? letters.replay(letter -> chosen.contains(number(letter.message())))
            : letters.purge(letter -> chosen.contains(number(letter.message())));
    assertThat(count).isEqualTo(chosen.size());
    chosen.forEach(number -> fates.get(place).put(number, new HashSet<>(Set.of(then))));
  }

  /** Those that neither rested nor were dead, nor overtake others, are in order of publication. */
  private void checkOrder(Place place, List<Waiting> waiting) {
    List<Integer> plain =
        waiting.stream()
            .filter(one -> one.due().isEmpty())
            .filter(one -> one.message().priority() == Message.NORMAL_PRIORITY)
            .map(one -> number(one.message()))
            .filter(number -> !revived.contains(number))
            .toList();
    assertThat(plain).as("order of %s", place).isSorted();
  }

  private void purge(DiskStore store, Place place) {
    Set<Integer> inFlight = new HashSet<>();
    held.stream()
        .filter(one -> one.place().equals(place))
        .forEach(one -> inFlight.add(number(one.entry().message())));
    Map<Integer, Set<Fate>> all = fates.get(place);
    List<Integer> waiting =
        all.keySet().stream()
            .filter(n -> all.get(n).contains(Fate.WAITS) && !inFlight.contains(n))
            .toList();
    waiting.forEach(number -> all.get(number).add(Fate.GONE));
    assertThat(store.purge(place.topic(), place.subscription())).isEqualTo(waiting.size());
    waiting.forEach(number -> all.put(number, new HashSet<>(Set.of(Fate.GONE))));
  }

  private void result(DiskStore store) {
    String id = "r" + random.nextInt(5);
    String value = "" + ++lastNumber;
    Set<String> possible = results.computeIfAbsent(id, i -> new HashSet<>(Set.of("none")));
    possible.add(value);
    Message message = Message.builder().attribute("id", value).build();
    if (done(store.results().put(id, message, HOUR))) {
      results.put(id, new HashSet<>(Set.of(value)));
    }
  }

  /** Whether it was acknowledged; all in one thread, so at once. */
  private static boolean done(CompletionStage<?> stage) {
    CompletableFuture<?> future = stage.toCompletableFuture();
    assertThat(future).isDone();
    return !future.isCompletedExceptionally();
  }

  private void set(Place place, int number, boolean certain, Fate before, Fate after) {
    fates.get(place).put(number, new HashSet<>(certain ? Set.of(after) : Set.of(before, after)));
  }

  private static int number(Message message) {
    return Integer.parseInt(message.id());
  }

  private void check(DiskStore store) {
    for (Place place : places) {
      List<Waiting> waiting = store.peek(place.topic(), place.subscription(), 1_000_000);
      List<DeadLetter> dead =
          store.deadLetters(place.topic(), place.subscription()).list(1_000_000);
      checkOrder(place, waiting);
      Map<Integer, Fate> found = new HashMap<>();
      waiting.forEach(one ->
          assertThat(found.put(number(one.message()), Fate.WAITS)).as("twice: %s", one).isNull());
      dead.forEach(one ->
          assertThat(found.put(number(one.message()), Fate.DEAD)).as("twice: %s", one).isNull());
      Map<Integer, Set<Fate>> expected = fates.get(place);
      assertThat(expected.keySet()).as("of %s", place).containsAll(found.keySet());
      expected.forEach((number, fate) ->
          assertThat(fate)
              .as("%s of %s", number, place)
              .contains(found.getOrDefault(number, Fate.GONE)));
      expected.replaceAll(
          (number, fate) -> new HashSet<>(Set.of(found.getOrDefault(number, Fate.GONE))));
      expected.values().removeIf(fate -> fate.equals(Set.of(Fate.GONE)));
    }
    results.replaceAll((id, possible) -> {
      String found = DiskStore.join(store.results().get(id)).map(Message::id).orElse("none");
      assertThat(possible).as("result %s", id).contains(found);
      return new HashSet<>(Set.of(found));
    });
  }
}
