package io.anywire.cli.operate;

import static io.anywire.cli.Ran.anywire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.cli.ExitCode;
import io.anywire.cli.Main;
import io.anywire.cli.Ran;
import io.anywire.examples.shop.v1.GetUserRequest;
import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import io.anywire.testing.RabbitMq;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command, against a broker that another process serves and against RabbitMQ. */
@Timeout(120)
class OperateTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static final Anywire anywire = Anywire.builder().application("tests").build();
  private static LocalProcess process;
  private static String served;
  private static String rabbit;

  private final Topic queue = Topic.queue("tasks." + UUID.randomUUID());
  private final Topic events = Topic.events("news." + UUID.randomUUID());

  @BeforeAll
  static void start() {
    process =
        JavaProcess.of(Main.class).arguments("broker", "--listen", "http://127.0.0.1:0").start();
    served = process.awaitLine(Pattern.compile("^broker ready at (.*), store"), LONG).group(1);
    rabbit = RabbitMq.shared().emptyHostUrl();
  }

  @AfterAll
  static void stop() {
    anywire.close();
    process.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"anywire", "rabbitmq"})
  void lists_topics_and_subscriptions(String engine) {
    subscribe(engine, events, "mails").close();
    subscribe(engine, events, "bills").close();
    publish(engine, queue, text("a"));

    Ran topics = run(engine, "topics", "--json");
    assertThat(topics.err()).isEmpty();
    assertThat(Json.lines(topics.out()))
        .contains(
            Map.of("topic", queue.name(), "kind", "queue", "subscriptions", List.of("workers")),
            Map.of(
                "topic",
                events.name(),
                "kind",
                "events",
                "subscriptions",
                List.of("bills", "mails")));
    assertThat(run(engine, "topics").out())
        .startsWith("TOPIC ")
        .containsPattern(events.name() + " +events +bills, mails\n");
    assertThat(Json.lines(run(engine, "subscriptions", events.name(), "--json").out()))
        .containsExactly(
            Map.of("topic", events.name(), "kind", "events", "subscription", "bills"),
            Map.of("topic", events.name(), "kind", "events", "subscription", "mails"));
    assertThat(run(engine, "subscriptions").out())
        .containsPattern(queue.name() + " +queue +workers\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"anywire", "rabbitmq"})
  void counts_the_backlog(String engine) {
    publish(engine, queue, text("a"), text("b"));

    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          Map<String, Object> state =
              Json.lines(run(engine, "backlog", queue.name(), "--json").out()).getFirst();
          assertThat(state.keySet().toString())
              .isEqualTo(
                  "[topic, kind, subscription, ready, setAside, resting, inFlight, dead,"
                      + " consumers]");
          assertThat(state.get("ready")).isEqualTo(2L);
          assertThat(state.get("dead")).isEqualTo(0L);
          assertThat(state.get("resting"))
              .isEqualTo(engine.equals("anywire") ? 0L : Optional.empty());
        });
    String unknown = engine.equals("anywire") ? "0" : "-";
    assertThat(run(engine, "backlog").out())
        .containsPattern(
            "%s +queue +workers +2 +%2$s +%2$s +%2$s +0 +0\n".formatted(queue.name(), unknown));
  }

  @ParameterizedTest
  @ValueSource(strings = {"anywire", "rabbitmq"})
  void shows_dead_letters_with_what_is_inside(String engine) {
    Message protobuf =
        Message.builder()
            .attribute("type", "shop.v1.UserService.GetUser")
            .attribute("datacontenttype", "application/protobuf")
            .header("grpc-tenant", "a")
            .payload(GetUserRequest.newBuilder().setId("ada").build().toByteString())
            .build();
    Message json =
        text("{\"a\": [1,\n2]}").toBuilder()
            .attribute("datacontenttype", "application/json")
            .build();
    Instant before = Instant.now();
    bury(engine, protobuf, 5, "no such user\nat all");
    bury(engine, json, 3, "bad");
    bury(engine, text("plain"), 3, "bad");

    List<Map<String, Object>> all =
        Json.lines(run(engine, "dead-letters", queue.name(), "--json").out());
    assertThat(all).hasSize(3);
    Map<String, Object> first = all.getFirst();
    assertThat(first.get("data")).isEqualTo(Map.of("id", "ada"));
    assertThat(first.get("code")).isEqualTo("NOT_FOUND");
    assertThat(first.get("message")).isEqualTo("no such user\nat all");
    assertThat(first.get("attempts")).isEqualTo(1L);
    assertThat(first.get("headers")).isEqualTo(Map.of("grpc-tenant", "a"));
    assertThat(Instant.parse("" + first.get("time"))).isAfter(before.minusSeconds(1));
    assertThat(all.get(1).get("data")).isEqualTo(Map.of("a", List.of(1L, 2L)));
    assertThat(all.get(2).get("dataBase64")).isEqualTo("cGxhaW4=");
    assertThat(run(engine, "dead-letters", queue.name()).out())
        .contains("NOT_FOUND", "no such user; at all", "{\"id\":\"ada\"}", "5 bytes");
    assertThat(filtered(engine, "--code", "not_found")).containsExactly(protobuf.id());
    assertThat(filtered(engine, "--type", "shop.v1.UserService/GetUser"))
        .containsExactly(protobuf.id());
    assertThat(filtered(engine, "--id", json.id(), "--id", "other")).containsExactly(json.id());
    assertThat(filtered(engine, "--before", before.minusSeconds(60).toString())).isEmpty();
    assertThat(filtered(engine, "--count", "1")).containsExactly(protobuf.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"anywire", "rabbitmq"})
  void replays_dead_letters_which_are_then_handled(String engine) throws Exception {
    Message wanted = text("wanted");
    bury(engine, wanted, 14, "away");
    bury(engine, text("other"), 3, "bad");

    Ran ran = run(engine, "replay", queue.name(), "--code", "UNAVAILABLE", "--json", "--progress");

    assertThat(Json.lines(ran.out()).getFirst().get("replayed")).isEqualTo(1L);
    assertThat(ran.err()).startsWith("replayed: 1 after ");
    BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    try (Subscription workers =
        broker(engine).subscribe(queue, Topic.WORKERS, 1, deliveries::add)) {
      Delivery again = deliveries.poll(30, TimeUnit.SECONDS);
      assertThat(again.message().id()).isEqualTo(wanted.id());
      assertThat(again.attempts()).isZero();
      done(again.settle(Outcome.DONE));
    }
    assertThat(filtered(engine)).hasSize(1);
    assertThat(run(engine, "replay", queue.name()).out())
        .isEqualTo("replayed 1 of " + queue.name() + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"anywire", "rabbitmq"})
  void purges_only_with_consent(String engine) {
    Message dead = text("dead");
    bury(engine, dead, 3, "bad");
    bury(engine, text("dead too"), 3, "bad");
    publish(engine, queue, text("a"), text("b"), text("c"));

    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(run(engine, "purge", queue.name()).err())
                .isEqualTo(
                    "anywire: 3 messages that wait in %s would be deleted (expected: --yes)\n"
                        .formatted(queue.name())));
    assertThat(run(engine, "purge", queue.name()).exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run(engine, "purge", queue.name(), "--yes").out())
        .isEqualTo("purged 3 of " + queue.name() + "\n");
    assertThat(run(engine, "purge", queue.name(), "--dead-letters").err())
        .contains("2 dead letters of " + queue.name() + " would be deleted");
    Ran one =
        run(engine, "purge", queue.name(), "--dead-letters", "--id", dead.id(), "--yes", "--json");
    assertThat(Json.lines(one.out()).getFirst().get("purged")).isEqualTo(1L);
    assertThat(filtered(engine)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"anywire", "rabbitmq"})
  void tails_what_is_published(String engine) throws Exception {
    subscribe(engine, events, "mails").close();
    CompletableFuture<Ran> tail =
        CompletableFuture.supplyAsync(
            () -> run(engine, "tail", events.name(), "--count", "2", "--json"));
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          publish(engine, events, text("{}"));
          return tail.isDone();
        });

    List<Map<String, Object>> lines = Json.lines(tail.get().out());
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst().get("dataBase64")).isEqualTo("e30=");
    assertThat(tail.get().err())
        .isEqualTo("looking on at " + events.name() + " at " + url(engine) + "\n");
  }

  @Test
  void tails_what_a_foreign_client_publishes() throws Exception {
    subscribe("rabbitmq", events, "mails").close();
    String program =
        """
        import pika, sys
        channel = pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel()
        channel.basic_publish("anywire.events." + sys.argv[2], "", '{"n": 1}', pika.BasicProperties(
            content_type="application/json",
            headers={"cloudEvents_type": "a.B.C", "cloudEvents_id": "py-1"}))
        print("published", flush=True)
        """;
    CompletableFuture<Ran> tail =
        CompletableFuture.supplyAsync(
            () -> run("rabbitmq", "tail", events.name(), "--count", "1", "--json"));
    await()
        .atMost(LONG)
        .until(() -> {
          ProcessBuilder python =
              new ProcessBuilder(
                  "/usr/bin/python3",
                  "-c",
                  program,
                  rabbit.replace("rabbitmq:", "amqp:"),
                  events.name());
          try (LocalProcess client = LocalProcess.start("python", python)) {
            client.awaitLine("published", LONG);
          }
          return tail.isDone();
        });

    Map<String, Object> line = Json.lines(tail.get().out()).getFirst();
    assertThat(line.get("id")).isEqualTo("py-1");
    assertThat(line.get("type")).isEqualTo("a.B.C");
    assertThat(line.get("data")).isEqualTo(Map.of("n", 1L));
  }

  @Test
  void peeks_without_taking() {
    publish("anywire", queue, text("a"), text("b"));

    List<Map<String, Object>> lines =
        Json.lines(run("anywire", "peek", queue.name(), "--count", "1", "--json").out());
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst().get("place")).isEqualTo("ready");
    assertThat(lines.getFirst().get("dataBase64")).isEqualTo("YQ==");
    assertThat(run("anywire", "peek", queue.name()).out().lines()).hasSize(3);
  }

  @Test
  void seeks_so_that_events_are_delivered_again() throws Exception {
    BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    try (Subscription mails = broker("anywire").subscribe(events, "mails", 1, deliveries::add)) {
      publish("anywire", events, text("a"));
      done(deliveries.poll(30, TimeUnit.SECONDS).settle(Outcome.DONE));

      Ran ran = run("anywire", "seek", events.name(), "mails", "--to", "beginning", "--json");

      assertThat(Json.lines(ran.out()).getFirst().get("waiting")).isEqualTo(1L);
      Delivery again = deliveries.poll(30, TimeUnit.SECONDS);
      assertThat(again.message().payload().toStringUtf8()).isEqualTo("a");
      publish("anywire", events, text("waits"));
      assertThat(run("anywire", "seek", events.name(), "--to", "now").err())
          .contains("1 messages that wait in " + events.name() + "/mails would be deleted");
      String later = Instant.now().plusSeconds(60).toString();
      assertThat(run("anywire", "seek", events.name(), "--to", later, "--yes").out())
          .isEqualTo("0 wait now in " + events.name() + "/mails\n");
    }
  }

  @Test
  void says_what_rabbitmq_lacks() {
    subscribe("rabbitmq", events, "mails").close();
    publish("rabbitmq", queue, text("a"));

    assertLacks(run("rabbitmq", "peek", queue.name()), "a look at what waits");
    assertLacks(run("rabbitmq", "tail", queue.name()), "copies of what goes to a queue");
    assertLacks(run("rabbitmq", "seek", events.name(), "--to", "beginning"), "'replay'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"anywire", "rabbitmq"})
  void says_what_there_is_where_a_name_is_wrong_or_not_clear(String engine) {
    publish(engine, Topic.queue(events.name()), text("a"));
    subscribe(engine, events, "mails").close();
    subscribe(engine, events, "bills").close();

    assertWrong(run(engine, "backlog", queue.name() + "x"), "no topic '" + queue.name() + "x' at ");
    assertWrong(
        run(engine, "tail", events.name().replace("news", "newz"), "--kind", "events"),
        "did you mean '" + events.name() + "'?");
    assertWrong(run(engine, "purge", events.name()), "expected: --kind queue or events");
    String[] kind = {"--kind", "events"};
    assertWrong(run(engine, "replay", events.name(), kind[0], kind[1]), "(expected: bills, mails)");
    assertWrong(
        run(engine, "replay", events.name(), "mail", kind[0], kind[1]), "did you mean 'mails'?");
  }

  private static void assertLacks(Ran ran, String what) {
    assertThat(ran.err()).startsWith("anywire: UNIMPLEMENTED: RabbitMQ lacks").contains(what);
    assertThat(ran.errLines()).hasSize(1);
    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
  }

  private static void assertWrong(Ran ran, String says) {
    assertThat(ran.err()).contains(says);
    assertThat(ran.errLines()).hasSize(1);
    assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  private static String url(String engine) {
    return engine.equals("anywire") ? served : rabbit;
  }

  private static Broker broker(String engine) {
    return anywire.broker(url(engine));
  }

  private static Ran run(String engine, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--at", url(engine)));
    return anywire(all.toArray(String[]::new));
  }

  private List<Object> filtered(String engine, String... filter) {
    List<String> args = new ArrayList<>(List.of("dead-letters", queue.name(), "--json"));
    args.addAll(List.of(filter));
    return Json.lines(run(engine, args.toArray(String[]::new)).out()).stream()
        .map(line -> line.get("id"))
        .toList();
  }

  private static Subscription subscribe(String engine, Topic topic, String name) {
    return broker(engine).subscribe(topic, name, 1, delivery -> {});
  }

  private static void publish(String engine, Topic topic, Message... messages) {
    for (Message message : messages) {
      done(broker(engine).publish(topic, message));
    }
  }

  /** Makes a dead letter. */
  private void bury(String engine, Message message, int code, String why) {
    CompletableFuture<Delivery> delivered = new CompletableFuture<>();
    publish(engine, queue, message);
    try (Subscription workers =
        broker(engine).subscribe(queue, Topic.WORKERS, 1, delivered::complete)) {
      Status status = Status.newBuilder().setCode(code).setMessage(why).build();
      done(delivered.orTimeout(30, TimeUnit.SECONDS).join().settle(new Outcome.Reject(status)));
    }
  }

  private static Message text(String text) {
    return Message.of(ByteString.copyFromUtf8(text));
  }

  private static void done(CompletionStage<?> stage) {
    assertThat(stage.toCompletableFuture()).succeedsWithin(LONG);
  }
}
