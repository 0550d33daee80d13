package io.anywire.broker.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import io.anywire.broker.Topic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** What the tests here have in common. */
final class Rabbits {
  static final Duration SOON = Duration.ofSeconds(20);

  private Rabbits() {}

  static Broker open(String url) {
    try (Anywire anywire = Anywire.builder().application("tests").build()) {
      return new RabbitMqBrokerProvider().open(WireUrl.parse(url), anywire);
    }
  }

  /** A name that no other test uses. */
  static String fresh(String name) {
    return name + "." + UUID.randomUUID();
  }

  static Message text(String text) {
    return Message.of(ByteString.copyFromUtf8(text));
  }

  static void publish(Broker broker, Topic topic, String... texts) {
    for (String text : texts) {
      done(broker.publish(topic, text(text)));
    }
  }

  static <T> T done(CompletionStage<T> stage) {
    assertThat(stage.toCompletableFuture()).succeedsWithin(SOON);
    return stage.toCompletableFuture().join();
  }

  static Status failure(CompletionStage<?> stage) {
    Throwable thrown =
        catchThrowable(() -> stage.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS));
    assertThat(thrown).hasCauseInstanceOf(StatusRuntimeException.class);
    return ((StatusRuntimeException) thrown.getCause()).getStatus();
  }
}
