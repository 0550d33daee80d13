package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.keyed;
import static io.anywire.conformance.broker.Stages.eventually;
import static io.anywire.conformance.broker.Stages.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Outcome;
import io.anywire.broker.Topic;
import io.anywire.broker.remote.v1.Publication;
import io.anywire.broker.remote.v1.PublishRequest;
import io.anywire.testing.TempFolder;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Publishers whose broker is killed and started again under them. */
@Timeout(120)
class RepeatingPublishersTest {
  private static final int PUBLISHERS = 4;
  private static final int UNANSWERED = 300;
  private static final int BETWEEN_KILLS = 2_000;
  private static final int KILLS = 2;
  private static final Topic EVENTS = Topic.events("repeated");

  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<String> failed = ConcurrentHashMap.newKeySet();
  private final Sent sent = new Sent();
  private volatile boolean over;

  @Test
  void repeat_what_was_not_acknowledged_and_nothing_else_in_its_order() {
    TempFolder folder = TempFolder.create("repeating");
    String store = "disk:" + folder.path() + "?segment=8MiB";
    try (ServedInProcess engine = new ServedInProcess(store, "60s", folder::close);
        Anywire anywire = Anywire.builder().application("app").clientInterceptor(sent).build()) {
      Broker broker = anywire.broker(engine.url());
      broker.subscribe(EVENTS, "s", Scene.ordered(1), new Received()).close();
      List<CompletableFuture<Void>> publishers = new ArrayList<>();
      for (int i = 0; i < PUBLISHERS; i++) {
        String key = "key-" + i;
        publishers.add(Stages.meanwhile(() -> publish(broker, key)));
      }
      for (int kill = 1; kill <= KILLS; kill++) {
        awaitAcknowledged(BETWEEN_KILLS);
        engine.kill();
        engine.restart();
      }
      awaitAcknowledged(BETWEEN_KILLS);
      over = true;
      publishers.forEach(Stages::done);

      assertThat(sent.repeated()).isNotEmpty();
      assertThat(sent.afterItsAcknowledgement).isEmpty();
      assertThat(failed).as("told that nobody knows").doesNotContainAnyElementsOf(sent.repeated());
      assertDelivered(broker);
    }
  }

  private void assertDelivered(Broker broker) {
    Received received = new Received(Outcome.DONE);
    broker.subscribe(EVENTS, "s", Scene.ordered(100), received);
    eventually().until(() -> received.texts().containsAll(acknowledged));
    Set<String> seen = new HashSet<>();
    Set<String> twice = new HashSet<>();
    Map<String, Integer> last = new ConcurrentHashMap<>();
    for (String text : received.texts()) {
      if (!seen.add(text)) {
        twice.add(text);
      } else if (acknowledged.contains(text)) {
        int number = Integer.parseInt(text.substring(text.indexOf(' ') + 1));
        Integer before = last.put(text.substring(0, text.indexOf(' ')), number);
        assertThat(before == null || before < number).as("%s after %s", text, before).isTrue();
      }
    }
    assertThat(sent.texts()).containsAll(seen);
    assertThat(sent.repeated()).containsAll(twice);
  }

  private void awaitAcknowledged(int more) {
    int enough = acknowledged.size() + more;
    eventually().until(() -> acknowledged.size() >= enough);
  }

  /** What is begun while there is no broker fails at once, and the next is tried. */
  private void publish(Broker broker, String key) {
    Semaphore room = new Semaphore(UNANSWERED);
    int[] number = {0};
    while (!over) {
      room.acquireUninterruptibly();
      CompletableFuture<Void> publishing = publish(broker, key, number[0]++);
      publishing.whenComplete((ok, failure) -> room.release());
      if (publishing.isCompletedExceptionally()) {
        eventually().until(() -> succeeded(publish(broker, key, number[0]++)));
      }
    }
    room.acquireUninterruptibly(UNANSWERED);
  }

  private CompletableFuture<Void> publish(Broker broker, String key, int number) {
    String text = key + " " + number;
    return broker
        .publish(EVENTS, keyed(key, text))
        .whenComplete((ok, failure) -> (failure == null ? acknowledged : failed).add(text))
        .toCompletableFuture();
  }

  /** Everything that the client sends to be published, as it leaves. */
  private final class Sent implements ClientInterceptor {
    private final Map<String, Integer> times = new ConcurrentHashMap<>();
    private final Queue<String> afterItsAcknowledgement = new ConcurrentLinkedQueue<>();

    Set<String> texts() {
      return times.keySet();
    }

    Set<String> repeated() {
      Set<String> repeated = new HashSet<>();
      times.forEach((text, count) -> {
        if (count > 1) {
          repeated.add(text);
        }
      });
      return repeated;
    }

    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void sendMessage(ReqT message) {
          if (message instanceof PublishRequest request) {
            request.getPublicationsList().forEach(Sent.this::note);
          }
          super.sendMessage(message);
        }
      };
    }

    private void note(Publication publication) {
      String text = publication.getMessage().getPayload().toStringUtf8();
      times.merge(text, 1, Integer::sum);
      if (acknowledged.contains(text)) {
        afterItsAcknowledgement.add(text);
      }
    }
  }
}
