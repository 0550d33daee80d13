package io.anywire.broker.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.BuiltinExchangeType;
import io.anywire.broker.Topic;
import io.anywire.broker.rabbitmq.Declaration.Binding;
import io.anywire.broker.rabbitmq.Declaration.Exchange;
import io.anywire.broker.rabbitmq.Declaration.NoBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * How events with an ordering key are spread: the publisher hashes the key (CRC-32 of its UTF-8,
 * modulo the number of partitions) and gives the result as routing key to the exchange {@code
 * anywire.keyed.TOPIC}. A subscription that keeps order has a queue for each; one that does not
 * gets all of them in its one queue.
 *
 * <p>Publishers and subscribers must agree on how many there are, or messages would be lost. So the
 * keyed exchange says it: its alternate exchange is named after the number, which RabbitMQ compares
 * whenever the exchange is declared.
 *
 * @param count how many
 */
record Partitions(int count) {
  static final int DEFAULT = 16;

  /** The partition of a key. */
  int of(String key) {
    CRC32 crc = new CRC32();
    crc.update(key.getBytes(UTF_8));
    return (int) (crc.getValue() % count);
  }

  /** The way of an event with that key. */
  Route route(Topic topic, String key) {
    return Route.toExchange(Names.keyed(topic), String.valueOf(of(key)), forPublishing(topic));
  }

  /** What a publisher of keyed events needs. */
  List<Declaration> forPublishing(Topic topic) {
    String number = Names.partitions(count);
    return List.of(
        new Exchange(number, BuiltinExchangeType.FANOUT),
        new Exchange(Names.keyed(topic), BuiltinExchangeType.TOPIC, number));
  }

  /** What a subscription needs that does not keep order. */
  List<Declaration> together(Backlog backlog) {
    return Declaration.join(
        backlog.needs(),
        forPublishing(backlog.topic()),
        List.of(new Binding(backlog.queue(), Names.keyed(backlog.topic()), "#")));
  }

  /** What a subscription needs that does. */
  List<Declaration> apart(Backlog backlog) {
    Topic topic = backlog.topic();
    List<Declaration> needs = new ArrayList<>(backlog.needs());
    needs.addAll(forPublishing(topic));
    for (int n = 0; n < count; n++) {
      String queue = queue(backlog, n);
      needs.add(Declaration.partition(queue));
      needs.add(new Binding(queue, Names.keyed(topic), String.valueOf(n)));
    }
    needs.add(new NoBinding(backlog.queue(), Names.keyed(topic), "#"));
    return needs;
  }

  /** The queues of all partitions. */
  List<String> queues(Backlog backlog) {
    return IntStream.range(0, count).mapToObj(n -> queue(backlog, n)).toList();
  }

  private static String queue(Backlog backlog, int partition) {
    return Names.partition(backlog.topic(), backlog.subscription(), partition);
  }
}
