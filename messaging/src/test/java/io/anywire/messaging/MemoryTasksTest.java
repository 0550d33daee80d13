package io.anywire.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.broker.DeadLetter;
import io.anywire.broker.Delivery;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.lab.v1.LabGrpc;
import io.anywire.messaging.task.Tasks;
import io.grpc.Status.Code;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MemoryTasksTest extends TasksSuite {
  @Override
  protected String emptyBroker() {
    return "memory:" + UUID.randomUUID();
  }

  @Test
  void what_its_workers_do_not_survive_is_given_up_as_a_crash_loop() throws Exception {
    Topic queue = Topic.queue("anywire.lab.v1.Lab");
    Tasks.at(caller, url).enqueue(LabGrpc.getRunMethod(), order("a"));
    for (int i = 0; i < 10; i++) {
      BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
      Subscription dying = caller.broker(url).subscribe(queue, Topic.WORKERS, 1, deliveries::add);
      assertThat(deliveries.poll(20, TimeUnit.SECONDS)).isNotNull();
      dying.abandon();
    }
    serve("worker", lab);
    await()
        .untilAsserted(() -> {
          List<DeadLetter> letters = caller.broker(url).deadLetters(queue, Topic.WORKERS).list(10);
          assertThat(letters).hasSize(1);
          assertThat(letters.get(0).status().getCode()).isEqualTo(Code.INTERNAL.value());
          assertThat(letters.get(0).status().getMessage()).startsWith("crash loop");
        });
    assertThat(lab.seen).isEmpty();
  }
}
