package io.anywire.broker.rabbitmq;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.broker.BrokerProvider;
import io.anywire.wire.Parameters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Opens {@code rabbitmq://[user:password@]host[:5672][,host…][/vhost]}, and {@code rabbitmq+tls://}
 * on port 5671, with host names verified; {@code amqp:} and {@code amqps:} are the same two.
 *
 * <ul>
 *   <li>{@code trust=PATH}: the authorities to believe, in PEM, in place of the JDK's.
 *   <li>{@code partitions=N}, 16 by default: over how many queues a subscription spreads ordering
 *       keys. All that publish to a topic or subscribe to it must say the same, and are refused
 *       {@code FAILED_PRECONDITION} else.
 *   <li>{@code consumer-timeout=TIME}, 30 min by default, or {@code off}: what the server's setting
 *       {@code consumer_timeout} is. Clients cannot ask for it.
 * </ul>
 */
public final class RabbitMqBrokerProvider implements BrokerProvider {
  private static final String AMQPS = "amqps";

  @Override
  public Set<String> schemes() {
    return Set.of("rabbitmq", "amqp", AMQPS);
  }

  @Override
  public Broker open(WireUrl url, Anywire anywire) {
    Parameters parameters = Parameters.of(url);
    Settings settings =
        new Settings(
            new Partitions(parameters.number("partitions", Partitions.DEFAULT, 1, 256)),
            parameters.optionalDuration(
                "consumer-timeout", Optional.of(Settings.CONSUMER_TIMEOUT), Duration.ofSeconds(1)));
    boolean tls = url.tls() || url.scheme().equals(AMQPS);
    Optional<Path> trust = parameters.text("trust").map(Path::of);
    parameters.requireNoOthers();
    Endpoint endpoint = new Endpoint(url, tls, trust, anywire.applicationName().orElse("unnamed"));
    return RabbitMqBroker.open(endpoint, settings);
  }
}
