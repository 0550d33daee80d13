package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Stages.eventually;
import static io.anywire.conformance.broker.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Topic;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Headers, attributes and ids that an engine may find strange. */
interface TextCases extends Cases {
  /** Values that have to come out as they went in. */
  List<String> VALUES =
      List.of(
          "",
          " ",
          " spaces ",
          "\u0000\u0001\t\r\n\u007f\u0085",
          "ü漢字🚀\u200b\ufeff",
          "a=b;c,\"d\" \\ 'e'",
          "true",
          "1",
          "2026-01-31T12:00:00Z",
          "null",
          "%2F",
          "x".repeat(10_000));

  @Test
  default void carries_values_of_headers_and_attributes_as_they_are() {
    Topic queue = scene().queue();
    Received received = scene().work(queue, Outcome.DONE);
    for (String value : VALUES) {
      Message strange =
          message("strange").toBuilder()
              .attribute("subject", value)
              .attribute("datacontenttype", value)
              .header("grpc-x", value)
              .build();
      scene().publish(queue, List.of(strange));
      assertThat(received.next().message()).isEqualTo(strange);
    }
  }

  @Test
  default void carries_strange_values_through_a_retry_and_the_dead_letters() {
    Topic queue = scene().queue();
    Outcome reject = new Outcome.Reject(com.google.rpc.Status.newBuilder().setCode(3).build());
    Message.Builder builder = message("strange").toBuilder();
    for (int i = 0; i < VALUES.size(); i++) {
      builder.attribute("a" + i, VALUES.get(i)).header("h-" + i, VALUES.get(i));
    }
    Message strange = builder.build();
    Received received = scene().work(queue, RetryCases.SOON, reject, Outcome.DONE);
    scene().publish(queue, List.of(strange));
    received.next();
    assertThat(received.next().message()).isEqualTo(strange);
    var dead = scene().broker().deadLetters(queue, Topic.WORKERS);
    eventually().until(() -> dead.list(1).size() == 1);
    assertThat(dead.list(1).getFirst().message()).isEqualTo(strange);
    assertThat(dead.replay(letter -> true)).isEqualTo(1);
    assertThat(received.next().message()).isEqualTo(strange);
  }

  @Test
  default void carries_ids_as_they_are() {
    Topic queue = scene().queue();
    Received received = scene().work(queue, Outcome.DONE);
    for (String id : List.of("", " ", "ü🚀", "a/b", "x".repeat(300))) {
      Message strange = message("strange").toBuilder().attribute("id", id).build();
      scene().publish(queue, List.of(strange));
      assertThat(received.next().message()).isEqualTo(strange);
    }
  }

  @Test
  default void carries_names_of_headers_or_refuses_them() {
    List<Message> messages =
        List.of("h", "grpc-a_b.c", "a b", "ü漢字", "a/%~*#>", "x-delivery-count", "x".repeat(300))
            .stream()
            .map(name -> message("strange").toBuilder().header(name, "value").build())
            .toList();
    carriesOrRefuses(messages);
  }

  /** It is no text, so no engine can be asked to carry it; but none may change it. */
  @Test
  default void carries_half_a_surrogate_pair_or_refuses_it() {
    String half = NameCases.HALF_A_PAIR;
    carriesOrRefuses(
        List.of(
            message("strange").toBuilder().header("h", half).build(),
            message("strange").toBuilder().header("h" + half, "value").build(),
            message("strange").toBuilder().attribute("subject", half).build(),
            message("strange").toBuilder().attribute("id", half).build(),
            message("strange").toBuilder().attribute(Message.KEY, half).build()));
  }

  /** One by one; what is refused harms nothing else. */
  private void carriesOrRefuses(List<Message> messages) {
    Topic queue = scene().queue();
    Received received = scene().work(queue, Outcome.DONE);
    for (Message strange : messages) {
      CompletionStage<Void> stage = scene().broker().publish(queue, strange);
      if (Stages.succeeded(stage)) {
        assertThat(received.next().message()).isEqualTo(strange);
      } else {
        assertThat(failure(() -> stage).getStatus().getCode())
            .isEqualTo(Status.Code.INVALID_ARGUMENT);
      }
      scene().publish(queue, "still well");
      received.next("still well");
    }
  }
}
