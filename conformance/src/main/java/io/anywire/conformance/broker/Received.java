package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Stages.LONG;
import static io.anywire.conformance.broker.Stages.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A receiver that keeps what is delivered and settles it as it is told. Thread-safe. */
public final class Received implements Consumer<Delivery> {
  private final List<Delivery> all = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Delivery> untaken = new LinkedBlockingQueue<>();
  private final List<Outcome> outcomes;

  /** The last outcome is that of all further deliveries as well; none leaves them in flight. */
  public Received(Outcome... outcomes) {
    this.outcomes = List.of(outcomes);
  }

  @Override
  public void accept(Delivery delivery) {
    all.add(delivery);
    untaken.add(delivery);
    if (!outcomes.isEmpty()) {
      CompletionStage<Void> unused =
          delivery.settle(outcomes.get(Math.min(all.size(), outcomes.size()) - 1));
    }
  }

  /** Takes the next delivery, for which it waits. */
  public Delivery next() {
    try {
      Delivery next = untaken.poll(LONG.toMillis(), TimeUnit.MILLISECONDS);
      if (next == null) {
        throw new AssertionError("nothing was delivered within " + LONG + " after " + texts());
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /** Takes the next delivery, which is to have that text. */
  public Delivery next(String text) {
    Delivery next = next();
    assertThat(Messages.text(next)).isEqualTo(text);
    return next;
  }

  /** How many deliveries there were. */
  int size() {
    return all.size();
  }

  /** The texts of all deliveries, in their order. */
  List<String> texts() {
    return all.stream().map(Messages::text).toList();
  }

  /** The attempts that all deliveries said, in their order. */
  List<Integer> attempts() {
    return all.stream().map(Delivery::attempts).toList();
  }

  /** Waits for as many deliveries as that, which are to have these texts, in any order. */
  void awaitTexts(List<String> texts) {
    eventually().until(() -> all.size() >= texts.size());
    assertThat(texts()).containsExactlyInAnyOrderElementsOf(texts);
  }

  /** The same. */
  void awaitTexts(String... texts) {
    awaitTexts(List.of(texts));
  }

  /** The same in that order. */
  void awaitInOrder(List<String> texts) {
    eventually().until(() -> all.size() >= texts.size());
    assertThat(texts()).isEqualTo(texts);
  }
}
