package io.anywire.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.Anywire;
import io.anywire.broker.remote.BrokerHandler;
import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import io.anywire.testing.PostgreSql;
import io.anywire.testing.RabbitMq;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two instances of each service, stopped and started again one after the other while they are
 * called, given tasks and told of events over the broker.
 */
@Timeout(600)
class RollingRestartTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int CALLS_BETWEEN = 100;
  private static final Anywire served = Anywire.builder().application("broker").build();

  private final String database = PostgreSql.shared().newDatabase();

  static Stream<String> brokers() {
    String anywire =
        served
            .server()
            .service(new BrokerHandler(served.broker("memory:rolling")))
            .listen("http://127.0.0.1:0")
            .drainLimit(Duration.ofMillis(100))
            .start()
            .urls()
            .getFirst()
            .withScheme("anywire")
            .toString();
    return Stream.of(anywire, RabbitMq.shared().emptyHostUrl());
  }

  @AfterAll
  static void close() {
    served.close();
  }

  @ParameterizedTest
  @MethodSource("brokers")
  void no_call_fails_and_no_task_or_event_is_lost(String broker) throws Exception {
    List<LocalProcess> instances = new ArrayList<>();
    try (ShopLoad load = new ShopLoad(broker)) {
      for (int i = 0; i < 4; i++) {
        instances.add(started(i, broker));
      }
      load.start();
      for (int i = 0; i < 4; i++) {
        awaitCalls(load);
        LocalProcess old = instances.get(i);
        assertThat(old.terminate(PATIENCE)).as(old.output()).isZero();
        awaitCalls(load);
        instances.set(i, started(i, broker));
      }
      awaitCalls(load);
      load.stop();

      assertThat(load.failures()).isEmpty();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(load.counted()).isEqualTo(load.placed()));
    } finally {
      instances.forEach(LocalProcess::close);
    }
  }

  private static void awaitCalls(ShopLoad load) {
    int before = load.calls();
    await()
        .atMost(PATIENCE)
        .until(() -> load.calls() >= before + CALLS_BETWEEN || !load.failures().isEmpty());
    assertThat(load.failures()).isEmpty();
  }

  /** The first two are users, the others orders. */
  private LocalProcess started(int number, String broker) {
    boolean users = number < 2;
    JavaProcess process =
        JavaProcess.of(users ? UsersMain.class : OrdersMain.class)
            .jvmOptions("--enable-native-access=ALL-UNNAMED")
            .arguments("--listen", "http://127.0.0.1:0", "--broker", broker, "--db", database);
    LocalProcess instance = (users ? process : process.arguments("--users", broker)).start();
    instance.awaitLine("ready at", PATIENCE);
    return instance;
  }
}
