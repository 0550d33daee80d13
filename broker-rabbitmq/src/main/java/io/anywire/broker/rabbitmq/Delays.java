package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.BuiltinExchangeType;
import io.anywire.broker.rabbitmq.Declaration.Binding;
import io.anywire.broker.rabbitmq.Declaration.Exchange;
import io.anywire.broker.rabbitmq.Declaration.ExchangeBinding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where messages rest. A message's own time to live is looked at only when it reaches the head of
 * its queue, so one queue for all delays would hold up what is due; and a queue for each delay
 * would be many queues.
 *
 * <p>Instead a delay, in steps of {@value #STEP_MILLIS} ms, is written in binary, and there is a
 * queue for each binary digit, whose messages all rest equally long: {@value #STEP_MILLIS} ms times
 * 2 to the power of its level. A message goes through the queues of those digits that are 1, from
 * the highest down. On its way it is led by its routing key, {@code 0.1.1.….TARGET}: the topic
 * exchange of each level looks at its own digit, and sends it to its queue or on to the next
 * exchange; the queue hands on to the next exchange too. The last one leads it to what it was meant
 * for by the hash of the name.
 *
 * <p>Every hand-over is confirmed within the broker (at-least-once dead-lettering). What is meant
 * for a queue that is gone by then goes to a queue of its own, {@code anywire.undeliverable}; it
 * would hold up others else.
 */
final class Delays {
  static final int STEP_MILLIS = 50;

  /** Level 26 rests 39 days; one more would be longer than AMQP's milliseconds reach. */
  private static final int LEVELS = 27;

  private static final long MOST_STEPS = (1L << LEVELS) - 1;
  static final Duration LONGEST = Duration.ofMillis(MOST_STEPS * STEP_MILLIS);

  /** By level, what it and those below it need. */
  private static final List<List<Declaration>> UP_TO =
      IntStream.range(0, LEVELS).mapToObj(Delays::upTo).toList();

  private Delays() {}

  /** Steps that are at least as long as {@code delay}, but no longer than {@link #LONGEST}. */
  static long steps(Duration delay) {
    if (delay.compareTo(LONGEST) >= 0) {
      return MOST_STEPS;
    }
    long nanos = Math.max(1, delay.toNanos());
    return Math.ceilDiv(nanos, Duration.ofMillis(STEP_MILLIS).toNanos());
  }

  /** The exchange where a message with that delay begins. */
  static String entrance(Duration delay) {
    return Names.delay(highest(steps(delay)));
  }

  /** Its routing key. */
  static String routingKey(Duration delay, String target) {
    long steps = steps(delay);
    StringBuilder key = new StringBuilder();
    for (int level = LEVELS - 1; level >= 0; level--) {
      key.append((steps >> level) & 1).append('.');
    }
    return key.append(Names.hash(target)).toString();
  }

  /** What has to be there for a message with that delay. */
  static List<Declaration> needs(Duration delay) {
    return UP_TO.get(highest(steps(delay)));
  }

  /** What leads messages that have rested to a queue. */
  static List<Declaration> leaving(String queue) {
    return Declaration.join(exit(), List.of(new Binding(queue, Names.due(), exitKey(queue))));
  }

  /** What leads messages that have rested to an exchange. */
  static List<Declaration> leavingTo(String exchange) {
    return Declaration.join(
        exit(), List.of(new ExchangeBinding(exchange, Names.due(), exitKey(exchange))));
  }

  /** Whether a message with that routing key is meant for that queue. */
  static boolean leadsTo(String queue, String routingKey) {
    return routingKey.endsWith("." + Names.hash(queue));
  }

  /** How many levels there are. */
  static int levels() {
    return LEVELS;
  }

  /** How long a message with that routing key rests at most, which is at that level. */
  static Duration atMost(int level, String routingKey) {
    long steps = 1L << level;
    String[] digits = routingKey.split("\\.");
    for (int lower = 0; lower < level && digits.length > LEVELS; lower++) {
      steps += digits[LEVELS - 1 - lower].equals("1") ? 1L << lower : 0;
    }
    return Duration.ofMillis(steps * STEP_MILLIS);
  }

  private static String exitKey(String target) {
    return "#." + Names.hash(target);
  }

  private static List<Declaration> exit() {
    String lost = Names.undeliverable();
    return List.of(
        new Exchange(lost, BuiltinExchangeType.FANOUT),
        Declaration.kept(lost),
        new Binding(lost, lost, ""),
        new Exchange(Names.due(), BuiltinExchangeType.TOPIC, lost));
  }

  private static List<Declaration> upTo(int highest) {
    List<Declaration> needs = new ArrayList<>(exit());
    for (int level = 0; level <= highest; level++) {
      needs.addAll(level(level));
    }
    return List.copyOf(needs);
  }

  private static List<Declaration> level(int level) {
    String name = Names.delay(level);
    String next = level == 0 ? Names.due() : Names.delay(level - 1);
    String before = "*.".repeat(LEVELS - 1 - level);
    return List.of(
        new Exchange(name, BuiltinExchangeType.TOPIC),
        Declaration.resting(name, (long) STEP_MILLIS << level, next),
        new Binding(name, name, before + "1.#"),
        new ExchangeBinding(next, name, before + "0.#"));
  }

  private static int highest(long steps) {
    return 63 - Long.numberOfLeadingZeros(steps);
  }
}
