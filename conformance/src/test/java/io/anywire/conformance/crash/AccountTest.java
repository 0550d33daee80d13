package io.anywire.conformance.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The account notices what a broker must not do, and nothing else. */
class AccountTest {
  private static final String TASKS = "tasks";
  private static final String ORDERS = "orders";

  /** One that is handled at once. */
  private static final Item PLAIN = new Item("s", 1);

  private static final Item RETRIED = new Item("s", 3);
  private static final Item HOPELESS = new Item("s", 7);

  private final Complaints complaints = new Complaints();
  private final Account account = new Account(complaints, Set.of(ORDERS));

  @Test
  void has_nothing_to_say_where_each_comes_to_its_end() {
    publish(TASKS, PLAIN, RETRIED, HOPELESS);
    for (Item item : List.of(PLAIN, RETRIED, HOPELESS)) {
      deliver(TASKS, item, 0);
      settle(TASKS, item, item.outcome(0));
    }
    pass();
    deliver(TASKS, RETRIED, 1);
    settle(TASKS, RETRIED, Outcome.DONE);
    account.dead(TASKS, letter(HOPELESS));
    account.close();
    assertThat(complaints.none()).as(summary()).isTrue();
    assertThat(account.duplicates()).isZero();
    assertThat(summary())
        .endsWith("rounds=0 acknowledged=3 lost=0 redelivered_after_ack=0 out_of_order=0\n");
  }

  @Test
  void misses_what_was_never_delivered() {
    publish(TASKS, PLAIN);
    account.close();
    assertThat(complaints.of(Wrong.LOST)).hasSize(1);
    assertThat(summary()).endsWith(" lost=1 redelivered_after_ack=0 out_of_order=0\n");
  }

  @Test
  void misses_what_one_of_two_subscriptions_never_got() {
    account.publishing(TASKS, PLAIN, System.nanoTime());
    account.publishing(ORDERS, PLAIN, System.nanoTime());
    account.acknowledged(Set.of(TASKS, ORDERS), PLAIN);
    deliver(TASKS, PLAIN, 0);
    settle(TASKS, PLAIN, Outcome.DONE);
    account.close();
    assertThat(complaints.of(Wrong.LOST)).singleElement().asString().contains(ORDERS);
  }

  @Test
  void misses_what_was_in_hand_when_the_broker_died_and_did_not_come_again() {
    publish(TASKS, PLAIN);
    deliver(TASKS, PLAIN, 0);
    account.close();
    assertThat(complaints.of(Wrong.LOST)).hasSize(1);
  }

  @Test
  void misses_a_retry_that_did_not_come() {
    publish(TASKS, RETRIED);
    deliver(TASKS, RETRIED, 0);
    settle(TASKS, RETRIED, RETRIED.outcome(0));
    account.close();
    assertThat(complaints.of(Wrong.LOST)).hasSize(1);
  }

  @Test
  void does_not_miss_what_the_publisher_was_not_told_of() {
    account.publishing(TASKS, PLAIN, System.nanoTime());
    account.close();
    assertThat(complaints.none()).isTrue();
  }

  @Test
  void notices_what_comes_again_after_it_was_confirmed() {
    publish(TASKS, PLAIN);
    deliver(TASKS, PLAIN, 0);
    settle(TASKS, PLAIN, Outcome.DONE);
    deliver(TASKS, PLAIN, 0);
    assertThat(complaints.of(Wrong.REDELIVERED)).hasSize(1);
    assertThat(summary()).endsWith(" lost=0 redelivered_after_ack=1 out_of_order=0\n");
  }

  @Test
  void counts_what_comes_again_unconfirmed_and_no_more() {
    publish(TASKS, PLAIN);
    deliver(TASKS, PLAIN, 0);
    account.settling(TASKS, PLAIN, Outcome.DONE, System.nanoTime());
    deliver(TASKS, PLAIN, 0);
    settle(TASKS, PLAIN, Outcome.DONE);
    account.close();
    assertThat(complaints.none()).isTrue();
    assertThat(account.duplicates()).isOne();
  }

  @Test
  void notices_one_that_comes_after_a_later_one() {
    publish(ORDERS, PLAIN, new Item("s", 2));
    for (long number : new long[] {2, 1}) {
      deliver(ORDERS, new Item("s", number), 0);
      settle(ORDERS, new Item("s", number), Outcome.DONE);
    }
    assertThat(summary()).endsWith(" lost=0 redelivered_after_ack=0 out_of_order=1\n");
  }

  @Test
  void notices_one_that_comes_while_another_of_its_key_is_in_hand() {
    publish(ORDERS, PLAIN, new Item("s", 2));
    deliver(ORDERS, PLAIN, 0);
    deliver(ORDERS, new Item("s", 2), 0);
    assertThat(complaints.of(Wrong.OUT_OF_ORDER)).hasSize(1);
  }

  @Test
  void notices_one_that_comes_before_its_time() {
    account.publishing(TASKS, PLAIN, System.nanoTime() + Duration.ofHours(1).toNanos());
    account.acknowledged(Set.of(TASKS), PLAIN);
    deliver(TASKS, PLAIN, 0);
    assertThat(complaints.of(Wrong.EARLY)).hasSize(1);
  }

  @Test
  void notices_a_retry_that_comes_at_once_and_attempts_that_are_forgotten() {
    publish(TASKS, RETRIED);
    deliver(TASKS, RETRIED, 0);
    settle(TASKS, RETRIED, new Outcome.RetryAfter(Duration.ofHours(1)));
    deliver(TASKS, RETRIED, 0);
    assertThat(complaints.of(Wrong.EARLY)).hasSize(1);
    assertThat(complaints.of(Wrong.ATTEMPTS)).hasSize(1);
  }

  @Test
  void notices_dead_letters_that_are_missing_that_come_back_and_that_nobody_gave_up() {
    Item purged = new Item("s", 57);
    publish(TASKS, PLAIN, HOPELESS, purged);
    for (Item item : List.of(HOPELESS, purged)) {
      deliver(TASKS, item, 0);
      settle(TASKS, item, item.outcome(0));
    }
    account.dead(TASKS, letter(purged));
    account.purged(TASKS, purged);
    account.dead(TASKS, letter(purged));
    account.dead(TASKS, letter(PLAIN));
    account.close();
    assertThat(complaints.of(Wrong.DEAD_LETTERS)).hasSize(3);
  }

  @Test
  void misses_a_dead_letter_that_was_to_live_again() {
    publish(TASKS, HOPELESS);
    deliver(TASKS, HOPELESS, 0);
    settle(TASKS, HOPELESS, HOPELESS.outcome(0));
    account.dead(TASKS, letter(HOPELESS));
    assertThat(account.missing()).isZero();
    account.reviving(TASKS, HOPELESS);
    assertThat(account.outcome(TASKS, HOPELESS, 0)).isEqualTo(Outcome.DONE);
    account.close();
    assertThat(complaints.of(Wrong.LOST)).hasSize(1);
  }

  @Test
  void notices_a_message_that_nobody_published_and_one_that_is_not_what_was() {
    deliver(TASKS, PLAIN, 0);
    publish(TASKS, RETRIED);
    Message other = RETRIED.message().toBuilder().payload(PLAIN.message().payload()).build();
    account.delivered(TASKS, other, 0);
    assertThat(complaints.of(Wrong.DAMAGED)).hasSize(2);
  }

  private void publish(String subscription, Item... items) {
    for (Item item : items) {
      account.publishing(subscription, item, System.nanoTime());
      account.acknowledged(Set.of(subscription), item);
    }
  }

  private void deliver(String subscription, Item item, int attempts) {
    account.delivered(subscription, item.message(), attempts);
  }

  private void settle(String subscription, Item item, Outcome outcome) {
    account.settling(subscription, item, outcome, System.nanoTime());
    account.confirmed(subscription, item, outcome);
  }

  /** The longest delay of a retry. */
  private static void pass() {
    long end = System.nanoTime() + Duration.ofMillis(60).toNanos();
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  private static DeadLetter letter(Item item) {
    return new DeadLetter(
        item.message(), Status.getDefaultInstance(), item.retries() + 1, Instant.now());
  }

  private String summary() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Findings(Map.of(), account, new Values(complaints), complaints, List.of())
        .print(new PrintStream(bytes, true, UTF_8));
    return bytes.toString(UTF_8);
  }
}
