package io.anywire.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.lab.v1.StreamLabGrpc;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class AnywireStreamsTest extends StreamsSuite {
  private static final List<ServedBroker> brokers = new ArrayList<>();

  @AfterAll
  static void stop() {
    brokers.forEach(ServedBroker::close);
  }

  @Override
  protected String emptyBroker() {
    ServedBroker broker = new ServedBroker();
    brokers.add(broker);
    return broker.url();
  }

  @Test
  void a_broker_that_goes_ends_streams_on_both_sides() throws Exception {
    serve("server", streams);
    Arriving watching = Arriving.all();
    Arriving chatting = Arriving.all();
    StreamLabGrpc.newStub(caller.channel(url)).watch(order("open"), watching);
    StreamLabGrpc.newStub(caller.channel(url)).chat(chatting);
    await().until(() -> streams.begun.get() == 2);
    brokers.getLast().close();
    assertThat(watching.end.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(chatting.end.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Code.UNAVAILABLE);
    await().until(() -> streams.cancelled.get() == 2);
  }
}
