package io.anywire.cli.operate;

import static io.anywire.cli.Ran.anywire;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Publication;
import io.anywire.broker.Stored;
import io.anywire.broker.Topic;
import io.anywire.broker.Waiting;
import io.anywire.cli.ExitCode;
import io.anywire.cli.Main;
import io.anywire.cli.Ran;
import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import io.anywire.testing.RabbitMq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Moves a store to RabbitMQ and back, and kills the mover on each way. With {@code
 * -Dmove.messages=100000} as much as that.
 */
@Timeout(600)
class MoveTest {
  private static final int MESSAGES = Integer.getInteger("move.messages", 2_000);
  private static final Topic QUEUE = Topic.queue("orders");
  private static final Topic EVENTS = Topic.events("news");
  private static final Status WHY = Status.newBuilder().setCode(3).setMessage("bad").build();
  private static final Duration LATER = Duration.ofHours(2);

  @TempDir Path folder;

  /** What is to be the same at the end. */
  private record Content(
      Map<String, List<String>> readyByKey,
      Map<String, Waiting> resting,
      Set<String> ready,
      Map<String, DeadLetter> dead) {}

  @Test
  void loses_and_doubles_nothing_on_the_way_to_rabbitmq_and_back_when_it_is_killed()
      throws IOException {
    String first = "disk:" + folder.resolve("first");
    String second = "disk:" + folder.resolve("second");
    String rabbit = RabbitMq.shared().emptyHostUrl();
    Content before;
    try (Anywire anywire = Anywire.builder().application("tests").build()) {
      Broker broker = anywire.broker(first);
      fill(broker);
      before = content(broker, QUEUE, Topic.WORKERS);
      assertThat(before.ready().size() + before.resting().size() + before.dead().size())
          .isEqualTo(MESSAGES);
    }
    killed(first, rabbit);
    List<Map<String, Object>> there = finished(first, rabbit);
    killed(rabbit, second);
    List<Map<String, Object>> back = finished(rabbit, second);

    assertThat(there)
        .extracting(line -> line.get("sourceIds"))
        .isEqualTo(back.stream().map(line -> line.get("targetIds")).toList());
    try (Anywire anywire = Anywire.builder().application("tests").build()) {
      Broker broker = anywire.broker(second);
      same(before, content(broker, QUEUE, Topic.WORKERS));
      for (String subscription : List.of("bills", "mails")) {
        Content events = content(broker, EVENTS, subscription);
        assertThat(events.ready()).hasSize(20);
      }
      assertThat(broker.operations().subscriptions(Topic.events("quiet"))).contains("empty");
    }
    assertThat(anywire("store", "verify", second).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(anywire("backlog", "--at", first, "--json").out()).doesNotContain("\"ready\":1");
  }

  @Test
  void moves_to_and_from_a_broker_that_another_process_serves() {
    String source = "disk:" + folder.resolve("first");
    String target = "disk:" + folder.resolve("second");
    try (Anywire anywire = Anywire.builder().application("tests").build()) {
      Broker broker = anywire.broker(source);
      publish(broker, message("a", 2));
      publish(broker, message("b", 2));
      broker.publish(new Publication(QUEUE, message("c", 1), LATER)).toCompletableFuture().join();
    }
    try (var process =
        JavaProcess.of(Main.class).arguments("broker", "--listen", "http://127.0.0.1:0").start()) {
      String served =
          process
              .awaitLine(Pattern.compile("^broker ready at (.*), store"), Duration.ofSeconds(30))
              .group(1);
      assertThat(move(source, served).out())
          .containsPattern("orders +3/3 +1 +0 +1 +0 +\\p{XDigit}{32} +\\p{XDigit}{16} +equal\n");
      assertThat(move(served, target).exitCode()).isEqualTo(ExitCode.OK);
    }
    try (Anywire anywire = Anywire.builder().application("tests").build()) {
      assertThat(anywire.broker(target).operations().peek(QUEUE, Topic.WORKERS, 9))
          .extracting(one -> one.message().id() + one.due().isPresent())
          .containsExactly("afalse", "bfalse", "ctrue");
    }
  }

  @Test
  void looks_at_the_target_for_what_a_killed_move_has_left_in_doubt() {
    String source = "disk:" + folder.resolve("first");
    String rabbit = RabbitMq.shared().emptyHostUrl();
    List<Message> messages = List.of(message("a", 0), message("b", 0), message("c", 0));
    try (Anywire anywire = Anywire.builder().application("tests").build()) {
      messages.forEach(message -> publish(anywire.broker(source), message));
      List<Stored> some =
          messages.stream()
              .limit(2)
              .map(one -> new Stored(one, 0, Optional.empty(), Optional.empty()))
              .toList();
      anywire
          .broker(rabbit)
          .operations()
          .put(QUEUE, Topic.WORKERS, some)
          .toCompletableFuture()
          .join();
    }
    try (MoveJournal journal =
        MoveJournal.open(state(source, rabbit), MoveCommand.hash(source, rabbit))) {
      journal.begin(
          new MoveJournal.Batch(
              new Place(QUEUE, Topic.WORKERS),
              messages.stream()
                  .map(one -> new Moved(Moved.How.READY, one.id(), one.key()))
                  .toList(),
              new MoveJournal.Counts(0, 0)));
    }
    Map<String, Object> moved = Json.lines(move(source, rabbit, "--json").out()).getFirst();
    assertThat(moved)
        .containsEntry("moved", 3L)
        .containsEntry("found", 3L)
        .containsEntry("read", false)
        .containsEntry("equal", true);
  }

  @Test
  void refuses_before_anything_is_moved_what_the_target_cannot_take() {
    String source = "disk:" + folder.resolve("first");
    try (Anywire anywire = Anywire.builder().application("tests").build()) {
      Broker broker = anywire.broker(source);
      publish(broker, message("a", 0));
      publish(
          broker,
          message("large", 0).toBuilder()
              .payload(ByteString.copyFrom(new byte[17 * 1024 * 1024]))
              .build());
    }
    String rabbit = RabbitMq.shared().emptyHostUrl();
    Ran refused = move(source, rabbit);
    assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.err())
        .isEqualTo(
            "anywire: large of orders has 17825792 bytes (the target takes: <= 16777216); nothing"
                + " was moved\n");
    assertThat(anywire("topics", "--at", rabbit, "--json").out()).isEmpty();
    assertThat(move(source, source).exitCode()).isEqualTo(ExitCode.USAGE);
  }

  /** Half way, with some batches behind it. */
  private void killed(String from, String to) throws IOException {
    Path state = state(from, to);
    long enough = Math.max(3, MESSAGES / 100 / 3);
    try (LocalProcess process =
        JavaProcess.of(Main.class)
            .arguments(
                "move", "--from", from, "--to", to, "--batch", "100", "--state", state.toString())
            .start()) {
      await()
          .pollInterval(Duration.ofMillis(5))
          .atMost(Duration.ofMinutes(3))
          .until(() -> Files.exists(state) && removed(state) >= enough);
      process.kill();
    }
    assertThat(state).exists();
  }

  private static long removed(Path state) throws IOException {
    return Files.readAllLines(state).stream().filter("removed"::equals).count();
  }

  private List<Map<String, Object>> finished(String from, String to) {
    Ran ran = move(from, to, "--json");
    assertThat(ran.err()).contains("going on with a move that was not finished");
    assertThat(ran.exitCode()).as(ran.err() + ran.out()).isEqualTo(ExitCode.OK);
    List<Map<String, Object>> lines = Json.lines(ran.out());
    assertThat(lines).extracting(line -> line.get("equal")).containsOnly(true);
    assertThat(lines.stream().mapToLong(line -> (Long) line.get("moved")).sum())
        .isEqualTo(MESSAGES + 40);
    assertThat(lines).extracting(line -> line.get("left")).containsOnly(0L);
    assertThat(state(from, to)).doesNotExist();
    return lines;
  }

  private Ran move(String from, String to, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("move", "--from", from, "--to", to, "--state", state(from, to).toString()));
    arguments.addAll(List.of(more));
    return anywire(arguments.toArray(String[]::new));
  }

  private Path state(String from, String to) {
    return folder.resolve("state-" + Integer.toHexString((from + to).hashCode()));
  }

  /** Of every 20 messages 1 is dead, 1 was tried and rests, and 2 are delayed; half have a key. */
  private static void fill(Broker broker) {
    int dead = MESSAGES / 20;
    for (String subscription : List.of("bills", "mails", "empty")) {
      broker
          .subscribe(
              subscription.equals("empty") ? Topic.events("quiet") : EVENTS,
              subscription,
              1,
              delivery -> {})
          .close();
    }
    publishAll(broker, IntStream.range(0, dead).mapToObj(i -> message("dead-" + i, 1)).toList());
    publishAll(broker, IntStream.range(0, dead).mapToObj(i -> message("tried-" + i, 1)).toList());
    settle(broker, 2 * dead);
    List<CompletionStage<Void>> taken = new ArrayList<>();
    for (int i = 0; i < MESSAGES - 2 * dead; i++) {
      Duration delay = i % 9 == 3 ? LATER.plusSeconds(i) : Duration.ZERO;
      taken.add(broker.publish(new Publication(QUEUE, message("m-" + i, i), delay)));
    }
    for (int i = 0; i < 20; i++) {
      taken.add(broker.publish(EVENTS, message("event-" + i, i)));
    }
    taken.forEach(stage -> stage.toCompletableFuture().join());
  }

  private static void settle(Broker broker, int count) {
    try (var unused =
        broker.subscribe(
            QUEUE,
            Topic.WORKERS,
            100,
            delivery -> {
              boolean dead = delivery.message().id().startsWith("dead");
              CompletionStage<Void> settled =
                  delivery.settle(dead ? new Outcome.Reject(WHY) : new Outcome.RetryAfter(LATER));
            })) {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> {
            var state = broker.operations().state(QUEUE, Topic.WORKERS);
            return state.dead().orElse(0) + state.resting().orElse(0) == count;
          });
    }
  }

  private static void same(Content before, Content after) {
    assertThat(after.ready()).isEqualTo(before.ready());
    assertThat(after.readyByKey()).isEqualTo(before.readyByKey());
    assertThat(after.dead().keySet()).isEqualTo(before.dead().keySet());
    after
        .dead()
        .forEach((id, letter) -> {
          DeadLetter was = before.dead().get(id);
          assertThat(letter.message()).isEqualTo(was.message());
          assertThat(letter.status()).isEqualTo(WHY);
          assertThat(letter.attempts()).isEqualTo(was.attempts());
          assertThat(letter.time().truncatedTo(ChronoUnit.MILLIS))
              .isEqualTo(was.time().truncatedTo(ChronoUnit.MILLIS));
        });
    assertThat(after.resting().keySet()).isEqualTo(before.resting().keySet());
    after
        .resting()
        .forEach((id, one) -> {
          Waiting was = before.resting().get(id);
          assertThat(one.message()).isEqualTo(was.message());
          assertThat(one.attempts()).isEqualTo(was.attempts());
          assertThat(Duration.between(was.due().orElseThrow(), one.due().orElseThrow()).abs())
              .isLessThan(Duration.ofSeconds(2));
        });
  }

  private static Content content(Broker broker, Topic topic, String subscription) {
    List<Waiting> all = broker.operations().peek(topic, subscription, MESSAGES + 1);
    List<Waiting> ready = all.stream().filter(one -> one.due().isEmpty()).toList();
    Map<String, Waiting> resting = new TreeMap<>();
    all.stream()
        .filter(one -> one.due().isPresent())
        .forEach(one -> resting.put(one.message().id(), one));
    Map<String, DeadLetter> dead = new TreeMap<>();
    broker
        .deadLetters(topic, subscription)
        .list(MESSAGES)
        .forEach(letter -> dead.put(letter.message().id(), letter));
    Set<String> ids = new HashSet<>();
    ready.forEach(one -> assertThat(ids.add(one.message().id())).isTrue());
    return new Content(
        ready.stream()
            .filter(one -> one.message().key().isPresent())
            .collect(
                groupingBy(
                    one -> one.message().key().orElseThrow(),
                    mapping(one -> one.message().id(), toList()))),
        resting,
        ids,
        dead);
  }

  private static void publishAll(Broker broker, List<Message> messages) {
    List<CompletionStage<Void>> taken =
        messages.stream().map(message -> broker.publish(QUEUE, message)).toList();
    taken.forEach(stage -> stage.toCompletableFuture().join());
  }

  private static void publish(Broker broker, Message message) {
    broker.publish(QUEUE, message).toCompletableFuture().join();
  }

  private static Message message(String id, int number) {
    Message.Builder message =
        Message.builder()
            .attribute("id", id)
            .attribute("type", "shop.v1.Orders.Place")
            .header("h", "ü")
            .payload(ByteString.copyFromUtf8("content of " + id));
    if (number % 2 == 0) {
      message.attribute(Message.KEY, "key-" + number % 50);
    }
    if (number % 5 == 0) {
      message.attribute(Message.PRIORITY, "7");
    }
    return message.build();
  }
}
