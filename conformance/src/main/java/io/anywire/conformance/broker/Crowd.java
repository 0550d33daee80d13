package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.keyed;
import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Stages.done;

import com.google.rpc.Status;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishers and consumers of one subscription; the consumers join and leave until it is closed.
 */
final class Crowd implements AutoCloseable {
  private static final int PUBLISHERS = 4;
  private static final int CONSUMERS = 6;
  private static final int KEYS_OF_A_PUBLISHER = 8;
  private static final int UNANSWERED = 500;

  /** The ways to leave; 1 is to stop, and then to close. */
  private static final int CLOSE = 0;

  private static final int ABANDON = 2;

  private static final Outcome REJECT =
      new Outcome.Reject(Status.newBuilder().setCode(3).setMessage("at random").build());

  private final Scene scene;
  private final Topic topic;
  private final String subscription;
  private final boolean ordered;
  private final Account account;
  private final List<CompletableFuture<Void>> consumers = new ArrayList<>();
  private volatile boolean over;

  Crowd(Scene scene, Topic topic, String subscription, boolean ordered, Account account) {
    this.scene = scene;
    this.topic = topic;
    this.subscription = subscription;
    this.ordered = ordered;
    this.account = account;
    List<Broker> brokers = List.of(scene.broker(), scene.another());
    for (int i = 0; i < CONSUMERS; i++) {
      Broker at = brokers.get(i % brokers.size());
      SplittableRandom random = new SplittableRandom(i);
      // The first stays, so that what is left at the end has somebody to go to.
      boolean stays = i == 0;
      consumers.add(Stages.meanwhile(() -> consume(at, random, stays)));
    }
  }

  /** Publishes so many messages and waits until the broker has them. */
  void publish(int count) {
    List<CompletableFuture<Void>> publishers = new ArrayList<>();
    for (int p = 0; p < PUBLISHERS; p++) {
      int publisher = p;
      publishers.add(Stages.meanwhile(() -> publish(publisher, count / PUBLISHERS)));
    }
    publishers.forEach(publisher -> done(publisher.orTimeout(5, TimeUnit.MINUTES)));
  }

  private void publish(int publisher, int count) {
    Semaphore room = new Semaphore(UNANSWERED);
    List<CompletableFuture<Void>> failures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      room.acquireUninterruptibly();
      Message message = next(publisher, i);
      account.published(message);
      CompletableFuture<Void> stage = scene.broker().publish(topic, message).toCompletableFuture();
      failures.add(stage.whenComplete((ok, failure) -> room.release()));
    }
    failures.forEach(Stages::done);
  }

  private Message next(int publisher, int i) {
    if (!ordered) {
      return message("task " + publisher + " " + i);
    }
    String key = publisher + "/" + i % KEYS_OF_A_PUBLISHER;
    return keyed(key, key + " " + i / KEYS_OF_A_PUBLISHER);
  }

  /** Joins, takes some, leaves in one of the ways there are, and joins again. */
  private void consume(Broker at, SplittableRandom random, boolean stays) {
    while (!over) {
      int how = random.nextInt(3);
      // Who breaks off leaves in doubt what was not confirmed, which may be all that it took.
      int takes = 50 + random.nextInt(how == ABANDON ? 200 : 600);
      Member member = new Member(random.split(), stays ? Integer.MAX_VALUE : takes);
      Subscription joined =
          scene.subscribe(
              at,
              topic,
              subscription,
              new SubscribeOptions(20, ordered, SubscribeOptions.NOW),
              member::take);
      member.awaitEnough();
      member.leave(joined, over ? CLOSE : how);
    }
  }

  @Override
  public void close() {
    over = true;
    consumers.forEach(Stages::done);
  }

  /** One stay of a consumer. */
  private final class Member {
    private final SplittableRandom random;
    private final CountDownLatch enough;
    private final List<Delivery> held = new ArrayList<>();
    private @Nullable Consumer<Delivery> left;

    Member(SplittableRandom random, int takes) {
      this.random = random;
      this.enough = new CountDownLatch(takes);
    }

    /** Called by one thread at a time. */
    void take(Delivery delivery) {
      account.delivered(delivery);
      enough.countDown();
      int dice = random.nextInt(100);
      if (dice < 70) {
        settle(delivery, Outcome.DONE);
      } else if (dice < 80) {
        settle(delivery, new Outcome.RetryAfter(Duration.ofMillis(1 + dice % 20)));
      } else if (dice < 84) {
        settle(delivery, new Outcome.RetryAfter(Duration.ofMillis(1), false));
      } else if (dice < 88) {
        settle(delivery, REJECT);
      } else {
        hold(delivery);
      }
    }

    private void settle(Delivery delivery, Outcome outcome) {
      account.issued(delivery, outcome);
      delivery
          .settle(outcome)
          .whenComplete((ok, failure) -> {
            if (failure == null) {
              account.confirmed(delivery, outcome);
            } else {
              account.doubt(delivery);
            }
          });
    }

    /** Keeps a few in hand, and handles the oldest when there are more. */
    private void hold(Delivery delivery) {
      Delivery oldest = null;
      synchronized (held) {
        if (left != null) {
          left.accept(delivery);
          return;
        }
        held.add(delivery);
        if (held.size() > 5) {
          oldest = held.removeFirst();
        }
      }
      if (oldest != null) {
        settle(oldest, Outcome.DONE);
      }
    }

    void awaitEnough() {
      try {
        while (!over && !enough.await(20, TimeUnit.MILLISECONDS)) {
          settleOldest();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** What is held must not hold up the end. */
    private void settleOldest() {
      Delivery oldest = null;
      synchronized (held) {
        if (!held.isEmpty()) {
          oldest = held.removeFirst();
        }
      }
      if (oldest != null) {
        settle(oldest, Outcome.DONE);
      }
    }

    void leave(Subscription joined, int how) {
      switch (how) {
        case CLOSE -> joined.close();
        case 1 -> {
          joined.stop();
          joined.close();
        }
        default -> joined.abandon();
      }
      synchronized (held) {
        left = how != ABANDON ? account::returned : account::doubt;
        held.forEach(left);
      }
    }
  }
}
