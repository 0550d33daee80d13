package io.anywire.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class RabbitMqTest {
  @Test
  void carries_a_message_from_a_publisher_to_a_consumer() throws Exception {
    try (Connection connection = connect(RabbitMq.shared());
        Channel channel = connection.createChannel()) {
      String queue = channel.queueDeclare().getQueue();
      var received = new CompletableFuture<String>();
      channel.basicConsume(
          queue,
          true,
          (tag, delivery) -> received.complete(new String(delivery.getBody(), UTF_8)),
          tag -> {});

      channel.basicPublish("", queue, null, "hello".getBytes(UTF_8));

      assertThat(received).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("hello");
    }
  }

  @Test
  void is_the_same_server_each_time_it_is_shared() {
    assertThat(RabbitMq.shared()).isSameAs(RabbitMq.shared());
    assertThat(RabbitMq.shared().url())
        .isEqualTo("rabbitmq://guest:guest@127.0.0.1:" + RabbitMq.shared().port());
  }

  @Test
  void listens_on_loopback_only() throws Exception {
    // Another loopback address: a socket bound to every address would answer there as well.
    InetAddress other = InetAddress.getByName("127.0.0.2");

    assertThatThrownBy(() -> new Socket(other, RabbitMq.shared().port()).close())
        .isInstanceOf(IOException.class);
  }

  @Test
  void keeps_a_durable_message_over_a_clean_restart_a_crash_and_a_freeze() throws Exception {
    try (RabbitMq rabbit = RabbitMq.start()) {
      publishDurably(rabbit, "kept");
      int port = rabbit.port();

      rabbit.restart();
      assertThat(rabbit.port()).isEqualTo(port);
      assertThat(messagesIn(rabbit)).isEqualTo(1);

      rabbit.kill();
      assertThatThrownBy(() -> connect(rabbit).close()).isInstanceOf(IOException.class);
      rabbit.restart();
      assertThat(messagesIn(rabbit)).isEqualTo(1);

      rabbit.freeze();
      CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(() -> messagesIn(rabbit));
      assertThat(waiting)
          .failsWithin(Duration.ofMillis(500))
          .withThrowableOfType(TimeoutException.class);
      rabbit.thaw();
      assertThat(waiting).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(1L);
    }
  }

  @Test
  void runs_beside_another_one_and_leaves_no_process_behind_when_closed() throws Exception {
    RabbitMq shared = RabbitMq.shared();
    Set<ProcessHandle> before = ProcessHandle.current().descendants().collect(toSet());

    RabbitMq other = RabbitMq.start();
    assertThat(other.port()).isNotEqualTo(shared.port());
    other.close();
    other.close();

    assertThatThrownBy(() -> connect(other).close()).isInstanceOf(IOException.class);
    await()
        .untilAsserted(
            () -> assertThat(before).containsAll(ProcessHandle.current().descendants().toList()));
    connect(shared).close();
  }

  private static void publishDurably(RabbitMq rabbit, String body) throws Exception {
    try (Connection connection = connect(rabbit);
        Channel channel = connection.createChannel()) {
      channel.queueDeclare("durable", true, false, false, null);
      channel.confirmSelect();
      channel.basicPublish("", "durable", MessageProperties.PERSISTENT_BASIC, body.getBytes(UTF_8));
      channel.waitForConfirmsOrDie(10_000);
    }
  }

  private static long messagesIn(RabbitMq rabbit) {
    try (Connection connection = connect(rabbit);
        Channel channel = connection.createChannel()) {
      return channel.messageCount("durable");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Connection connect(RabbitMq rabbit) throws Exception {
    var factory = new ConnectionFactory();
    factory.setUri(rabbit.url().replace("rabbitmq://", "amqp://"));
    return factory.newConnection();
  }
}
