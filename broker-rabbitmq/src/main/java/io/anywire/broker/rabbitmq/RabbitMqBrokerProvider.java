package io.anywire.broker.rabbitmq;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.broker.BrokerProvider;
import io.anywire.wire.Parameters;
import java.util.Set;

/**
 * Opens {@code rabbitmq://[user:password@]host[:5672][,host…][/vhost]}, and {@code rabbitmq+tls://}
 * on port 5671 with the JDK's trust store and host name verification.
 */
public final class RabbitMqBrokerProvider implements BrokerProvider {

  @Override
  public Set<String> schemes() {
    return Set.of("rabbitmq");
  }

  @Override
  public Broker open(WireUrl url, Anywire anywire) {
    Parameters.of(url).requireNoOthers();
    return RabbitMqBroker.open(new Endpoint(url, anywire.applicationName().orElse("unnamed")));
  }
}
