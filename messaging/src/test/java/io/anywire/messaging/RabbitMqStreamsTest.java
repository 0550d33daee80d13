package io.anywire.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import io.anywire.lab.v1.Answer;
import io.anywire.lab.v1.Order;
import io.anywire.lab.v1.StreamLabGrpc;
import io.anywire.testing.RabbitMq;
import io.grpc.Status.Code;
import io.grpc.stub.BlockingClientCall;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Its queues of calls and its inboxes go with those who use them, so that it is empty each time.
 */
class RabbitMqStreamsTest extends StreamsSuite {
  @Override
  protected String emptyBroker() {
    return RabbitMq.shared().url();
  }

  @Test
  void a_lost_connection_of_the_caller_ends_its_streams_and_the_next_ones_work() throws Exception {
    serve("server", streams);
    Arriving chatting = Arriving.all();
    StreamLabGrpc.newStub(caller.channel(url)).chat(chatting);
    await().until(() -> chatting.call().isReady());
    caller.broker(url).unwrap(Connection.class).orElseThrow().abort();
    assertThat(chatting.end.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Code.UNAVAILABLE);
    await().until(() -> streams.cancelled.get() == 1);
    await().ignoreExceptions().until(() -> answerOfChat().equals("again"));
  }

  private String answerOfChat() throws Exception {
    BlockingClientCall<Order, Answer> call =
        StreamLabGrpc.newBlockingV2Stub(caller.channel(url)).chat();
    call.write(order("again"));
    String answer = call.read().getText();
    call.halfClose();
    return answer;
  }
}
