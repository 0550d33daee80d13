package io.anywire.bench.messaging;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Topic;
import java.io.IOException;
import java.util.Map;

/** A queue of one of Anywire's brokers, without anything above it. */
public final class BrokerQueue implements MessageQueue {
  private static final Topic QUEUE = Topic.queue("bench");

  private final Broker broker;
  private final Progress progress;

  private BrokerQueue(Broker broker, int consumers, int inFlight, Progress progress) {
    this.broker = broker;
    this.progress = progress;
    for (int i = 0; i < consumers; i++) {
      broker.subscribe(QUEUE, Topic.WORKERS, inFlight, this::receive);
    }
  }

  /** The arguments after the port: publishers, consumers; the URL is the last, as place. */
  public static void main(String[] args) throws IOException, InterruptedException {
    MessageArguments given = MessageArguments.of(args);
    int consumers = Integer.parseInt(args[2]);
    try (Anywire anywire = Anywire.builder().application("bench").build()) {
      Broker broker = anywire.broker(given.place());
      MessageLoad.take(
          given,
          Integer.parseInt(args[1]),
          progress -> new BrokerQueue(broker, consumers, given.inFlight(), progress));
    }
  }

  /** The message that carries an event. */
  static Message message(Event event) {
    Map<String, String> attributes =
        Map.of(
            "id", event.id(), "type", event.type(), "source", event.source(), "time", event.time());
    ByteString payload = UnsafeByteOperations.unsafeWrap(event.payload());
    return new Message(attributes, Map.of(), payload);
  }

  @Override
  public void publish(Event event) {
    long number = event.number();
    broker
        .publish(QUEUE, message(event))
        .whenComplete((done, failure) -> {
          if (failure == null) {
            progress.acknowledged(number);
          } else {
            progress.failed(failure);
          }
        });
  }

  private void receive(Delivery delivery) {
    Message message = delivery.message();
    progress.received(message.id(), message.payload().size());
    delivery
        .settle(Outcome.DONE)
        .whenComplete((done, failure) -> {
          if (failure == null) {
            progress.settled();
          } else {
            progress.failed(failure);
          }
        });
  }
}
