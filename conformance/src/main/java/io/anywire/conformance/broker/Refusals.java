package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.keyed;
import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Stages.done;
import static io.anywire.conformance.broker.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import io.anywire.broker.Publication;
import io.anywire.broker.Stored;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscribeOptions.Start;
import io.anywire.broker.Topic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a broker that cannot do something answers to whoever asks for it. */
final class Refusals {
  private static final SubscribeOptions ORDERED = Scene.ordered(1);

  private Refusals() {}

  /**
   * Where the broker lacks the capability: checks that it refuses by that name.
   *
   * @return whether it lacks it, so that there is nothing else to be tested
   */
  static boolean of(Scene scene, Capability capability) {
    if (scene.can(capability)) {
      return false;
    }
    for (Stages.Call call : calls(scene, capability)) {
      StatusRuntimeException failure = failure(call);
      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(failure).hasMessageContaining("'" + capability + "'");
    }
    return true;
  }

  /** Each way to ask for it. Durable and renewable are said, and not asked for. */
  private static List<Stages.Call> calls(Scene scene, Capability capability) {
    Broker broker = scene.broker();
    Topic events = scene.events();
    return switch (capability) {
      case ORDERED -> List.of(() -> broker.subscribe(events, "s", ORDERED, d -> {}));
      case HOLDING -> List.of(() -> holding(scene));
      case DELAYED ->
          List.of(() ->
              broker.publish(new Publication(events, message("late"), Duration.ofSeconds(1))));
      case REPLAY ->
          List.of(
              () -> broker.subscribe(events, "s", from(SubscribeOptions.BEGINNING), d -> {}),
              () -> broker.subscribe(events, "s", from(new Start.At(Instant.EPOCH)), d -> {}));
      case LISTED ->
          List.of(
              () -> broker.operations().topics(), () -> broker.operations().subscriptions(events));
      case MOVABLE ->
          List.of(
              () -> broker.operations().drain(events, "s", 1),
              () -> done(broker.operations().put(events, "s", List.of(stored()))));
      case REPLIES -> List.of(() -> broker.openInbox(reply -> {}));
      case RESULTS -> List.of(() -> broker.results().get("id"));
      case DURABLE, PRIORITISED, RENEWABLE -> List.of();
    };
  }

  /** The message stays with whoever asked, who can say something else. */
  private static Object holding(Scene scene) {
    Topic queue = scene.queue();
    Received received = scene.work(queue);
    scene.publish(queue, List.of(keyed("k", "rejected")));
    Delivery delivery = received.next();
    try {
      done(
          delivery.settle(
              new Outcome.Reject(com.google.rpc.Status.newBuilder().setCode(3).build(), true)));
    } catch (StatusRuntimeException e) {
      done(delivery.settle(Outcome.DONE));
      throw e;
    }
    return "settled";
  }

  private static Stored stored() {
    return new Stored(message("moved"), 0, Optional.empty(), Optional.empty());
  }

  private static SubscribeOptions from(Start start) {
    return new SubscribeOptions(1, false, start);
  }
}
