package io.anywire.broker.rabbitmq;

import static io.anywire.broker.rabbitmq.Rabbits.SOON;
import static io.anywire.broker.rabbitmq.Rabbits.done;
import static io.anywire.broker.rabbitmq.Rabbits.failure;
import static io.anywire.broker.rabbitmq.Rabbits.fresh;
import static io.anywire.broker.rabbitmq.Rabbits.publish;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.anywire.broker.Broker;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.testing.RabbitMq;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetryTest {
  private static final String WORKERS = Topic.WORKERS;
  private static final Outcome REJECT = new Outcome.Reject(Status.getDefaultInstance());

  private final Broker broker = Rabbits.open(RabbitMq.shared().url());
  private final Topic queue = Topic.queue(fresh("tasks"));
  private final Topic events = Topic.events(fresh("events"));
  private final DeadLetters dead = broker.deadLetters(queue, WORKERS);
  private final Received worker = new Received();

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void delivers_again_after_the_delay_with_one_attempt_more() {
    Received other = new Received();
    broker.subscribe(events, "mail", 10, worker);
    broker.subscribe(events, "bills", 10, other);
    publish(broker, events, "placed");
    Delivery first = worker.next();
    long before = System.nanoTime();

    done(first.settle(new Outcome.RetryAfter(Duration.ofMillis(300))));

    Delivery second = worker.next();
    Duration rest = Duration.ofNanos(System.nanoTime() - before);
    assertThat(rest).isBetween(Duration.ofMillis(300), SOON);
    assertThat(second.message()).isEqualTo(first.message());
    assertThat(second.attempts()).isEqualTo(1);
    done(second.settle(new Outcome.RetryAfter(Duration.ofNanos(1))));
    assertThat(worker.next().attempts()).isEqualTo(2);
    assertThat(other.count()).as("only one subscription tries again").isEqualTo(1);
  }

  @Test
  void never_shortens_a_delay() {
    assertThat(Delays.steps(Duration.ofNanos(1))).isEqualTo(1);
    assertThat(Delays.steps(Duration.ofMillis(50))).isEqualTo(1);
    assertThat(Delays.steps(Duration.ofMillis(50).plusNanos(1))).isEqualTo(2);
    assertThat(Delays.steps(Duration.ofHours(1))).isEqualTo(72_000);
    assertThat(Delays.steps(Duration.ofDays(1000)) * Delays.STEP_MILLIS)
        .isEqualTo(Delays.LONGEST.toMillis());
  }

  @Test
  void counts_the_first_outcome_only() {
    broker.subscribe(queue, WORKERS, 1, worker);
    publish(broker, queue, "work", "next");
    Delivery delivery = worker.next();

    done(delivery.settle(Outcome.DONE));
    done(delivery.settle(REJECT));

    assertThat(worker.awaitTexts(1)).containsExactly("next");
    assertThat(dead.list(1)).isEmpty();
  }

  @Test
  void changes_nothing_by_an_outcome_that_comes_after_the_lease_was_lost() {
    Subscription subscription = broker.subscribe(queue, WORKERS, 1, worker);
    publish(broker, queue, "work");
    Delivery lost = worker.next();

    subscription.close();

    CompletionStage<Void> late = lost.settle(REJECT);
    assertThat(failure(late).getCode()).isEqualTo(io.grpc.Status.Code.UNAVAILABLE);
    broker.subscribe(queue, WORKERS, 1, worker);
    Delivery again = worker.next();
    assertThat(again.message()).isEqualTo(lost.message());
    assertThat(again.attempts()).isZero();
    assertThat(again.crashes()).as("to close is not to crash").isZero();
    assertThat(dead.list(1)).isEmpty();
  }

  @Test
  void keeps_what_was_rejected_until_it_is_replayed_or_purged() {
    Status status =
        Status.newBuilder().setCode(Code.NOT_FOUND_VALUE).setMessage("kein Gerät").build();
    broker.subscribe(queue, WORKERS, 10, worker);
    assertThat(dead.list(10)).isEmpty();
    publish(broker, queue, "a", "b", "c");
    for (int i = 0; i < 3; i++) {
      done(worker.next().settle(new Outcome.Reject(status)));
    }

    List<DeadLetter> all = dead.list(10);
    assertThat(all).map(RetryTest::text).containsExactly("a", "b", "c");
    assertThat(all).allSatisfy(d -> assertThat(d.status()).isEqualTo(status));
    assertThat(all).allSatisfy(d -> assertThat(d.attempts()).isEqualTo(1));
    assertThat(all).allSatisfy(d -> assertThat(d.time()).isBeforeOrEqualTo(Instant.now()));
    assertThat(dead.list(2)).as("listing removes nothing").map(RetryTest::text).contains("a", "b");

    assertThat(dead.replay(d -> text(d).equals("b"))).isEqualTo(1);
    Delivery replayed = worker.next();
    assertThat(replayed.message()).isEqualTo(all.get(1).message());
    assertThat(replayed.attempts()).isZero();
    assertThat(dead.purge(d -> text(d).equals("c"))).isEqualTo(1);
    assertThat(dead.list(10)).map(RetryTest::text).containsExactly("a");
  }

  private static String text(DeadLetter letter) {
    return letter.message().payload().toStringUtf8();
  }
}
