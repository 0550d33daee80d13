package io.anywire.bench.artemis;

import io.anywire.bench.messaging.Event;
import io.anywire.bench.messaging.MessageArguments;
import io.anywire.bench.messaging.MessageLoad;
import io.anywire.bench.messaging.MessageQueue;
import io.anywire.bench.messaging.Progress;
import java.nio.file.Path;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.SendAcknowledgementHandler;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/**
 * A queue of an embedded Artemis, reached within the process: durable messages, the confirmations
 * taken as they come, each message acknowledged by itself. Nobody is told when the broker has taken
 * note of an acknowledgement, unless the consumer blocks for each; this one does not.
 */
public final class ArtemisMessages implements MessageQueue {
  private static final String URL = "vm://0";
  private static final SimpleString QUEUE = SimpleString.of("bench");
  private static final int CONFIRMATION_WINDOW = 10 << 20;

  private final Progress progress;
  private final ClientSession publishing;
  private final ClientProducer producer;
  private final SendAcknowledgementHandler confirmations = new Confirmations();

  private ArtemisMessages(ClientSessionFactory factory, Progress progress)
      throws ActiveMQException {
    this.progress = progress;
    publishing = factory.createSession(true, true, 0);
    publishing.createQueue(
        QueueConfiguration.of(QUEUE).setRoutingType(RoutingType.ANYCAST).setDurable(true));
    producer = publishing.createProducer(QUEUE);
    ClientSession consuming = factory.createSession(true, true, 0);
    consuming.createConsumer(QUEUE).setMessageHandler(this::receive);
    consuming.start();
  }

  /** The argument after the port says how safe its messages are; the folder is the last. */
  public static void main(String[] args) throws Exception {
    MessageArguments given = MessageArguments.of(args);
    Configuration configuration = JournalMode.of(args[1]).configuration(Path.of(given.place()));
    var server = new EmbeddedActiveMQ().setConfiguration(configuration);
    server.start();
    ServerLocator locator =
        ActiveMQClient.createServerLocator(URL)
            .setConfirmationWindowSize(CONFIRMATION_WINDOW)
            .setProducerWindowSize(-1)
            .setBlockOnDurableSend(false)
            .setAckBatchSize(0);
    ClientSessionFactory factory = locator.createSessionFactory();
    MessageLoad.take(given, 1, progress -> queue(factory, progress));
  }

  /** For one thread at a time, as sessions are. */
  @Override
  public void publish(Event event) {
    ClientMessage message = publishing.createMessage(true);
    message.putStringProperty("id", event.id());
    message.putStringProperty("type", event.type());
    message.putStringProperty("source", event.source());
    message.putStringProperty("time", event.time());
    message.getBodyBuffer().writeBytes(event.payload());
    try {
      producer.send(QUEUE, message, confirmations);
    } catch (ActiveMQException e) {
      progress.failed(e);
    }
  }

  private static ArtemisMessages queue(ClientSessionFactory factory, Progress progress) {
    try {
      return new ArtemisMessages(factory, progress);
    } catch (ActiveMQException e) {
      throw new IllegalStateException(e);
    }
  }

  private void receive(ClientMessage message) {
    Event event = event(message);
    progress.received(event.id(), event.payload().length);
    try {
      message.individualAcknowledge();
      progress.settled();
    } catch (ActiveMQException e) {
      progress.failed(e);
    }
  }

  private static Event event(ClientMessage message) {
    byte[] payload = new byte[message.getBodyBuffer().readableBytes()];
    message.getBodyBuffer().readBytes(payload);
    return new Event(
        message.getStringProperty("id"),
        message.getStringProperty("type"),
        message.getStringProperty("source"),
        message.getStringProperty("time"),
        payload);
  }

  private final class Confirmations implements SendAcknowledgementHandler {
    @Override
    public void sendAcknowledged(Message message) {
      progress.acknowledged(Event.number(message.getStringProperty("id")));
    }

    @Override
    public void sendFailed(Message message, Exception e) {
      progress.failed(e);
    }
  }
}
