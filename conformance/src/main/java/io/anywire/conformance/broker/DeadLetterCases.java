package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Messages.text;
import static io.anywire.conformance.broker.Messages.texts;
import static io.anywire.conformance.broker.Stages.done;
import static io.anywire.conformance.broker.Stages.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was given up: kept, looked at, replayed, purged. */
interface DeadLetterCases extends Cases {
  /** Why, with details. */
  Status WHY =
      Status.newBuilder()
          .setCode(3)
          .setMessage("not like this: ü 🚀")
          .addDetails(
              Any.newBuilder()
                  .setTypeUrl("type.googleapis.com/example.Detail")
                  .setValue(ByteString.copyFrom(new byte[] {0, -1, 7})))
          .build();

  @Test
  default void keeps_a_rejected_message_with_status_attempts_and_time() {
    Topic queue = scene().queue();
    Received received = scene().work(queue, RetryCases.SOON, RetryCases.SOON, reject());
    Message published =
        message("poison").toBuilder().attribute("type", "a.B.C").header("h", "ü").build();
    Instant before = Instant.now().minusSeconds(2);
    scene().publish(queue, List.of(published));
    received.awaitTexts("poison", "poison", "poison");

    DeadLetters dead = awaitDead(queue, 1);
    DeadLetter letter = dead.list(1).getFirst();
    assertThat(letter.message()).isEqualTo(published);
    assertThat(letter.status()).isEqualTo(WHY);
    assertThat(letter.attempts()).isEqualTo(3);
    assertThat(letter.time()).isBetween(before, Instant.now().plusSeconds(2));
    assertThat(dead.list(9)).containsExactly(letter);
  }

  @Test
  default void lists_the_oldest_first_and_no_more_than_asked_for() {
    Topic queue = scene().queue();
    dead(queue, texts("letter", 20));
    DeadLetters dead = awaitDead(queue, 20);
    assertThat(textsOf(dead.list(20))).isEqualTo(texts("letter", 20));
    assertThat(textsOf(dead.list(5))).isEqualTo(texts("letter", 5));
    assertThat(textsOf(dead.list(Integer.MAX_VALUE))).hasSize(20);
    assertThatThrownBy(() -> dead.list(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void replays_those_that_are_chosen_with_no_attempts_counted() {
    Topic queue = scene().queue();
    dead(queue, List.of("one", "two"));
    DeadLetters dead = awaitDead(queue, 2);
    assertThat(dead.replay(letter -> letter.message().id().equals("none"))).isZero();
    assertThat(dead.replay(letter -> text(letter.message()).equals("two"))).isEqualTo(1);
    Delivery again = scene().work(queue, Outcome.DONE).next("two");
    assertThat(again.attempts()).isZero();
    assertThat(textsOf(dead.list(9))).containsExactly("one");
  }

  @Test
  default void purges_those_that_are_chosen() {
    Topic queue = scene().queue();
    dead(queue, List.of("one", "two", "three"));
    DeadLetters dead = awaitDead(queue, 3);
    assertThat(dead.purge(letter -> text(letter.message()).startsWith("t"))).isEqualTo(2);
    assertThat(textsOf(dead.list(9))).containsExactly("one");
    assertThat(dead.purge(letter -> true)).isEqualTo(1);
    assertThat(dead.purge(letter -> true)).isZero();
    Received received = scene().work(queue, Outcome.DONE);
    scene().publish(queue, "alive");
    received.awaitTexts("alive");
  }

  @Test
  default void dies_again_after_a_replay_with_attempts_counted_anew() {
    Topic queue = scene().queue();
    dead(queue, List.of("undying"));
    assertThat(awaitDead(queue, 1).replay(letter -> true)).isEqualTo(1);
    scene().work(queue, RetryCases.SOON, reject()).awaitTexts("undying", "undying");
    assertThat(awaitDead(queue, 1).list(1).getFirst().attempts()).isEqualTo(2);
  }

  @Test
  default void a_poison_message_does_not_block_its_queue() {
    Topic queue = scene().queue();
    Received received = new Received(reject());
    scene().publish(queue, texts("poison", 30).toArray(String[]::new));
    Subscription unused = scene().subscribe(queue, Topic.WORKERS, received);
    received.awaitTexts(texts("poison", 30));
    DeadLetters all = awaitDead(queue, 30);
    assertThat(all.purge(letter -> true)).isEqualTo(30);
  }

  @Test
  default void keeps_the_dead_letters_of_each_subscription_apart() {
    Topic topic = scene().events();
    Received bad = scene().listen(topic, "bad", reject());
    Received good = scene().listen(topic, "good", Outcome.DONE);
    scene().publish(topic, "event");
    bad.next("event");
    good.next("event");
    DeadLetters dead = scene().broker().deadLetters(topic, "bad");
    eventually().until(() -> dead.list(9).size() == 1);
    assertThat(scene().broker().deadLetters(topic, "good").list(9)).isEmpty();
    assertThat(scene().broker().deadLetters(topic, "good").replay(letter -> true)).isZero();
    assertThat(dead.replay(letter -> true)).isEqualTo(1);
    bad.next("event");
    scene().publish(topic, "next");
    good.awaitTexts("event", "next");
  }

  @Test
  default void has_no_dead_letters_where_nothing_was_given_up() {
    DeadLetters none = scene().broker().deadLetters(scene().events(), "never made");
    assertThat(none.list(9)).isEmpty();
    assertThat(none.replay(letter -> true)).isZero();
    assertThat(none.purge(letter -> true)).isZero();
  }

  @Test
  default void keeps_a_status_that_is_very_long() {
    Topic queue = scene().queue();
    Status endless = Status.newBuilder().setCode(13).setMessage("x".repeat(50_000)).build();
    scene().publish(queue, "poison");
    done(scene().work(queue).next().settle(new Outcome.Reject(endless)));
    Status kept = awaitDead(queue, 1).list(1).getFirst().status();
    assertThat(kept.getCode()).isEqualTo(13);
    assertThat(kept.getMessage()).startsWith("xxx");
  }

  private static Outcome reject() {
    return new Outcome.Reject(WHY);
  }

  /** Lets messages with these texts die, one after the other. */
  private void dead(Topic queue, List<String> texts) {
    Received received = new Received();
    Subscription dying = scene().subscribe(queue, Topic.WORKERS, received);
    for (String text : texts) {
      scene().publish(queue, text);
      done(received.next(text).settle(new Outcome.Reject(WHY)));
    }
    dying.close();
  }

  private DeadLetters awaitDead(Topic queue, int count) {
    DeadLetters dead = scene().broker().deadLetters(queue, Topic.WORKERS);
    eventually().until(() -> dead.list(count + 1).size() == count);
    return dead;
  }

  private static List<String> textsOf(List<DeadLetter> letters) {
    return letters.stream().map(letter -> text(letter.message())).toList();
  }
}
