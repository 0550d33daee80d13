package io.anywire.broker.remote;

import io.anywire.broker.Broker;
import io.anywire.broker.Capabilities;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Delivery;
import io.anywire.broker.Inbox;
import io.anywire.broker.InboxReceiver;
import io.anywire.broker.Message;
import io.anywire.broker.Operations;
import io.anywire.broker.Publication;
import io.anywire.broker.Results;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.BrokerServiceGrpc.BrokerServiceStub;
import io.grpc.Channel;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A broker in another process. Thread-safe. */
final class RemoteBroker implements Broker {
  private final Capabilities capabilities;
  private final BrokerServiceStub stub;
  private final Channel channel;
  private final RemotePublisher publisher;
  private final Set<AutoCloseableQuietly> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** What can be closed without failing. */
  interface AutoCloseableQuietly extends AutoCloseable {
    @Override
    void close();
  }

  RemoteBroker(
      Channel channel, Capabilities capabilities, RemotePublisher.Room room, Duration repeat) {
    this.channel = channel;
    this.capabilities = capabilities;
    this.stub = BrokerServiceGrpc.newStub(channel).withMaxInboundMessageSize(Integer.MAX_VALUE);
    this.publisher =
        new RemotePublisher(
            stub,
            room,
            repeat,
            this::check,
            capabilities.maxMessageBytes() + BrokerHandler.ENVELOPE_BYTES);
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public CompletionStage<Void> publish(Publication publication) {
    return publisher.publish(publication);
  }

  /** In one round trip, unless they are too many or too large for one message of gRPC. */
  @Override
  public List<CompletionStage<Void>> publishAll(List<Publication> publications) {
    return publisher.publishAll(publications);
  }

  @Override
  public Subscription subscribe(
      Topic topic, String name, SubscribeOptions options, Consumer<Delivery> receiver) {
    checkOpen();
    topic.requireSubscription(name);
    RemoteSubscription subscription =
        new RemoteSubscription(
            stub, Translation.open(topic, name, options), receiver, open::remove);
    open.add(subscription);
    return subscription.started();
  }

  @Override
  public Operations operations() {
    checkOpen();
    return new RemoteOperations(channel, stub, open);
  }

  @Override
  public DeadLetters deadLetters(Topic topic, String subscription) {
    checkOpen();
    return new RemoteDeadLetters(channel, topic, subscription);
  }

  @Override
  public Inbox openInbox(InboxReceiver receiver) {
    checkOpen();
    RemoteInbox inbox = new RemoteInbox(stub, receiver, open::remove);
    open.add(inbox);
    return inbox.started();
  }

  @Override
  public void send(String inbox, Message message) {
    check(message);
    publisher.send(inbox, message);
  }

  @Override
  public Results results() {
    checkOpen();
    return new RemoteResults(channel, this::check);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      open.forEach(AutoCloseableQuietly::close);
      publisher.close();
    }
  }

  /** Refuses what the broker would end the connection for, and what would arrive as another. */
  private void check(Message message) {
    int size = message.payload().size();
    if (size > capabilities.maxMessageBytes()) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription(
              "payload: " + size + " bytes (expected: <= " + capabilities.maxMessageBytes() + ")")
          .asRuntimeException();
    }
    message.requireText();
  }

  private void checkOpen() {
    if (closed.get()) {
      throw Status.UNAVAILABLE.withDescription("the broker has been closed").asRuntimeException();
    }
  }
}
