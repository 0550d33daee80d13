package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Stages.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.SubscriptionState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * Starts an engine once, and checks after every test that nothing is left of it: nothing in flight
 * and nobody connected where the test subscribed, no thread, nothing that the engine still has.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class Suite<E extends BrokerEngine> implements Cases {
  private @Nullable E engine;

  /** Holds the broker open, so that it outlives each test's own. */
  private @Nullable Anywire keeper;

  private @Nullable Scene scene;
  private Set<String> threadsBefore = Set.of();

  /** Starts the engine; the suite closes it. Called once. */
  protected abstract E start();

  /** The engine. */
  protected final E engine() {
    return Objects.requireNonNull(engine, "the engine has not been started");
  }

  @Override
  public final Scene scene() {
    return Objects.requireNonNull(scene, "no test runs");
  }

  @BeforeAll
  final void startEngine() {
    engine = start();
    if (!(engine instanceof KillableEngine)) {
      keeper = Anywire.builder().application("keeper").build();
      Broker unused = keeper.broker(engine().url());
    }
  }

  @AfterAll
  final void closeEngine() {
    if (keeper != null) {
      keeper.close();
    }
    if (engine != null) {
      engine.close();
    }
  }

  @BeforeEach
  final void open() {
    threadsBefore = OurThreads.now();
    scene = new Scene(engine());
  }

  @AfterEach
  final void closeAndCheck() throws Exception {
    Scene over = scene;
    scene = null;
    if (over == null) {
      return;
    }
    over.close();
    assertThat(over.complaints()).isEmpty();
    checkLeft(over.used());
    eventually().untilAsserted(() -> assertThat(engine().leftovers()).isEmpty());
    eventually().untilAsserted(() -> assertThat(newThreads()).isEmpty());
  }

  private Set<String> newThreads() {
    Set<String> threads = new HashSet<>(OurThreads.now());
    threads.removeAll(threadsBefore);
    return threads;
  }

  private void checkLeft(Set<Scene.Used> used) {
    if (keeper != null) {
      Broker kept = keeper.broker(engine().url());
      used.forEach(one -> checkLeft(kept, one));
      return;
    }
    try (Anywire looking = Anywire.builder().application("looking").build()) {
      Broker broker = looking.broker(engine().url());
      used.forEach(one -> checkLeft(broker, one));
    }
  }

  /** What an engine cannot tell is not checked; its own leftovers are, at the end. */
  private static void checkLeft(Broker broker, Scene.Used used) {
    eventually()
        .untilAsserted(() -> {
          try {
            SubscriptionState state = broker.operations().state(used.topic(), used.subscription());
            assertThat(state.inFlight().orElse(0)).as("in flight at %s", used).isZero();
            assertThat(state.consumers().orElse(0)).as("consumers of %s", used).isZero();
          } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode())
                .isIn(Status.Code.NOT_FOUND, Status.Code.UNIMPLEMENTED);
          }
        });
  }
}
