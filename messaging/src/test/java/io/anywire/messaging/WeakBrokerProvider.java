package io.anywire.messaging;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.broker.BrokerProvider;
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
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** {@code weak://host/NAME}: the memory broker of that name, admitting to no capability. */
public final class WeakBrokerProvider implements BrokerProvider {
  @Override
  public Set<String> schemes() {
    return Set.of("weak");
  }

  @Override
  public Broker open(WireUrl url, Anywire anywire) {
    return new Weak(anywire.broker("memory:" + url.path()));
  }

  private record Weak(Broker strong) implements Broker {
    @Override
    public Capabilities capabilities() {
      return new Capabilities(Set.of(), 1 << 20, Optional.empty(), Duration.ZERO);
    }

    @Override
    public CompletionStage<Void> publish(Publication publication) {
      return strong.publish(publication);
    }

    @Override
    public Subscription subscribe(
        Topic topic, String name, SubscribeOptions options, Consumer<Delivery> receiver) {
      return strong.subscribe(topic, name, options, receiver);
    }

    @Override
    public DeadLetters deadLetters(Topic topic, String subscription) {
      return strong.deadLetters(topic, subscription);
    }

    @Override
    public Inbox openInbox(InboxReceiver receiver) {
      return strong.openInbox(receiver);
    }

    @Override
    public void send(String inbox, Message message) {
      strong.send(inbox, message);
    }

    @Override
    public Results results() {
      return strong.results();
    }

    @Override
    public Operations operations() {
      return strong.operations();
    }

    @Override
    public void close() {}
  }
}
