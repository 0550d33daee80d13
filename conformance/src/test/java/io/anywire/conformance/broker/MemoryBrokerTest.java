package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.large;
import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Stages.done;
import static io.anywire.conformance.broker.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Outcome;
import io.anywire.broker.Topic;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

class MemoryBrokerTest extends BrokerSuite {

  @Override
  protected BrokerEngine start() {
    String url = "memory:" + Messages.fresh("suite") + "?capacity=512";
    return new BrokerEngine() {
      @Override
      public String url() {
        return url;
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void pushes_publishers_back_when_it_is_full_and_takes_again_when_it_is_not() {
    try (Anywire anywire = Anywire.builder().application("full").build()) {
      Broker broker = anywire.broker("memory:" + Messages.fresh("full") + "?capacity=1");
      Topic queue = Topic.queue("full");
      for (int i = 0; i < 3; i++) {
        done(broker.publish(queue, large(300_000)));
      }
      assertThat(failure(() -> broker.publish(queue, large(300_000))).getStatus().getCode())
          .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      done(broker.publish(queue, message("small")));
      Received received = new Received(Outcome.DONE);
      broker.subscribe(queue, Topic.WORKERS, 1, received);
      received.awaitTexts(
          "\0".repeat(300_000), "\0".repeat(300_000), "\0".repeat(300_000), "small");
      done(broker.publish(queue, large(300_000)));
    }
  }
}
