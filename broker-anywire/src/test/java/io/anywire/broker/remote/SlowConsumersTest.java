package io.anywire.broker.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Publication;
import io.anywire.broker.Topic;
import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The broker is a process with a small heap, which a client that holds it up would burst. */
@Timeout(120)
class SlowConsumersTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int MANY = 20_000;
  private static final int AT_A_TIME = 2_000;
  private static final ByteString KIBIBYTE = ByteString.copyFrom(new byte[1024]);

  private final LocalProcess server =
      JavaProcess.of(Server.class).jvmOptions("-Xmx64m", "-XX:+ExitOnOutOfMemoryError").start();
  private final String url =
      "anywire://127.0.0.1:" + server.awaitLine(Pattern.compile("port (\\d+)"), LIMIT).group(1);
  private final Anywire anywire = Anywire.builder().application("app").build();

  @AfterEach
  void close() {
    anywire.close();
    server.close();
  }

  @Test
  void a_process_that_stops_reading_its_socket_holds_nobody_up() throws Exception {
    Broker broker = anywire.broker(url);
    Topic slow = Topic.queue("slow");
    try (LocalProcess frozen = JavaProcess.of(Hoarder.class).arguments(url).start()) {
      frozen.awaitLine("subscribed", LIMIT);
      frozen.freeze();
      publish(broker, slow, 16_000);

      handlesMany(broker, Topic.queue("fast"));
    }

    awaitAll(broker, slow, 16_000);
    assertThat(server.isAlive()).isTrue();
  }

  @Test
  void a_subscription_that_settles_nothing_holds_up_no_other_on_its_connection() throws Exception {
    Broker broker = anywire.broker(url);
    AtomicInteger hoarded = new AtomicInteger();
    broker.subscribe(
        Topic.queue("slow"), Topic.WORKERS, 5_000, delivery -> hoarded.incrementAndGet());
    publish(broker, Topic.queue("slow"), 10_000);

    handlesMany(broker, Topic.queue("fast"));

    assertThat(hoarded).hasValueLessThanOrEqualTo(5_000);
    assertThat(server.isAlive()).isTrue();
  }

  @Test
  void a_connection_carries_many_subscriptions() throws Exception {
    Broker broker = anywire.broker(url);
    CountDownLatch handled = new CountDownLatch(200 * 50);
    List<Topic> topics = IntStream.range(0, 200).mapToObj(i -> Topic.queue("topic-" + i)).toList();
    topics.forEach(topic -> broker.subscribe(topic, Topic.WORKERS, 10, done(handled)));

    for (Topic topic : topics) {
      publish(broker, topic, 50);
    }

    assertThat(handled.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private static void handlesMany(Broker broker, Topic topic) throws Exception {
    CountDownLatch handled = new CountDownLatch(MANY);
    broker.subscribe(topic, Topic.WORKERS, 256, done(handled));
    for (long left = MANY; left > 0; left -= AT_A_TIME) {
      publish(broker, topic, AT_A_TIME);
      long then = left - AT_A_TIME;
      await().atMost(LIMIT).until(() -> handled.getCount() == then);
    }
  }

  private static void awaitAll(Broker broker, Topic topic, int count) throws Exception {
    CountDownLatch handled = new CountDownLatch(count);
    broker.subscribe(topic, Topic.WORKERS, 256, done(handled));
    assertThat(handled.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private static Consumer<Delivery> done(CountDownLatch handled) {
    return delivery -> delivery.settle(Outcome.DONE).thenRun(handled::countDown);
  }

  private static void publish(Broker broker, Topic topic, int count) throws Exception {
    List<Publication> all =
        IntStream.range(0, count)
            .mapToObj(i -> new Publication(topic, Message.of(KIBIBYTE)))
            .toList();
    for (var taken : broker.publishAll(all)) {
      taken.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }

  /** Serves a broker. */
  public static final class Server {
    private Server() {}

    /** Until it is killed. */
    @SuppressWarnings("SystemOut") // It is what the test waits for.
    public static void main(String[] arguments) throws InterruptedException {
      Anywire anywire = Anywire.builder().application("broker").build();
      Broker broker = anywire.broker("memory:served?capacity=28");
      var server =
          anywire.server().service(new BrokerHandler(broker)).listen("grpc://127.0.0.1:0").start();
      System.out.println("port " + server.urls().getFirst().host().portOr(0));
      server.await();
    }
  }

  /** Takes whatever it gets, and settles nothing. */
  public static final class Hoarder {
    private Hoarder() {}

    /** Until it is killed. */
    @SuppressWarnings("SystemOut") // It is what the test waits for.
    public static void main(String[] arguments) throws InterruptedException {
      Anywire anywire = Anywire.builder().application("hoarder").build();
      anywire
          .broker(arguments[0])
          .subscribe(Topic.queue("slow"), Topic.WORKERS, 20_000, delivery -> {});
      System.out.println("subscribed");
      Thread.currentThread().join();
    }
  }
}
