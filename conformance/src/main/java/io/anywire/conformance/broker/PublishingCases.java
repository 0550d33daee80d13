package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.large;
import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Stages.done;
import static io.anywire.conformance.broker.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Publication;
import io.anywire.broker.Topic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What is published arrives as it was, within what the broker takes. */
interface PublishingCases extends Cases {

  @Test
  default void carries_attributes_headers_and_bytes_of_every_kind() {
    Message strange =
        Message.builder()
            .attribute("type", "shop.v1.UserService.CreateUser")
            .attribute("source", "/a b/ü?x=1#y")
            .attribute("datacontenttype", "application/protobuf")
            .attribute("subject", "漢字 \"quoted\" \\ 🚀")
            .header("grpc-x-tenant", "ä;=, ")
            .payload(ByteString.copyFrom(new byte[] {0, -1, 10, 13, 127, -128}))
            .build();
    Topic queue = scene().queue();
    Received received = scene().work(queue, Outcome.DONE);
    scene().publish(queue, List.of(strange));
    assertThat(received.next().message()).isEqualTo(strange);
  }

  @Test
  default void carries_a_message_of_nothing() {
    Message nothing = Message.of(ByteString.EMPTY);
    Topic queue = scene().queue();
    Received received = scene().work(queue, Outcome.DONE);
    scene().publish(queue, List.of(nothing));
    assertThat(received.next().message()).isEqualTo(nothing);
  }

  @Test
  default void takes_messages_that_have_the_same_id() {
    Message one = message("twice");
    Topic queue = scene().queue();
    Received received = scene().work(queue, Outcome.DONE);
    scene().publish(queue, List.of(one, one));
    received.awaitTexts("twice", "twice");
  }

  @Test
  default void takes_a_message_that_is_as_large_as_it_says_and_none_that_is_larger() {
    Broker broker = scene().broker();
    int most = broker.capabilities().maxMessageBytes();
    Topic queue = scene().queue();
    Received received = scene().work(queue, Outcome.DONE);

    StatusRuntimeException failure = failure(() -> broker.publish(queue, large(most + 1)));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(failure).hasMessageContaining(String.valueOf(most + 1));
    Message largest = large(most);
    scene().publish(queue, List.of(largest));
    assertThat(received.next().message()).isEqualTo(largest);
  }

  /** It may be taken; what must not happen is that others suffer. */
  @Test
  default void a_message_that_its_headers_make_too_large_fails_alone() {
    Broker broker = scene().broker();
    Topic queue = scene().queue();
    Received received = scene().work(queue, Outcome.DONE);
    Message heavy =
        large(broker.capabilities().maxMessageBytes()).toBuilder()
            .header("heavy", "h".repeat(100_000))
            .build();

    CompletionStage<Void> before = broker.publish(queue, message("before"));
    CompletionStage<Void> tooLarge = broker.publish(queue, heavy);
    CompletionStage<Void> after = broker.publish(queue, message("after"));

    done(before);
    done(after);
    if (Stages.succeeded(tooLarge)) {
      received.awaitTexts("before", Messages.text(heavy), "after");
    } else {
      assertThat(failure(() -> tooLarge).getStatus().getCode())
          .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.INVALID_ARGUMENT);
      received.awaitTexts("before", "after");
    }
  }

  @Test
  default void publishes_several_with_a_result_for_each() {
    Broker broker = scene().broker();
    Topic one = scene().queue();
    Topic other = scene().queue();
    Received received = scene().work(one, Outcome.DONE);
    Received others = scene().work(other, Outcome.DONE);
    int tooMuch = broker.capabilities().maxMessageBytes() + 1;

    List<CompletionStage<Void>> results =
        broker.publishAll(
            List.of(
                new Publication(one, message("first")),
                new Publication(one, large(tooMuch)),
                new Publication(other, message("second"))));

    assertThat(results.stream().map(Stages::succeeded)).containsExactly(true, false, true);
    received.awaitTexts("first");
    others.awaitTexts("second");
    assertThat(broker.publishAll(List.of())).isEmpty();
  }
}
