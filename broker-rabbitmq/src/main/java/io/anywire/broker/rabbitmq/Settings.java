package io.anywire.broker.rabbitmq;

import java.time.Duration;
import java.util.Optional;

/**
 * What a URL says besides where the broker is.
 *
 * @param partitions how ordering keys are spread
 * @param consumerTimeout how long the server lets a message go unacknowledged, as far as we know;
 *     empty: for ever
 */
record Settings(Partitions partitions, Optional<Duration> consumerTimeout) {
  /** What a RabbitMQ server does that nobody told anything else. */
  static final Duration CONSUMER_TIMEOUT = Duration.ofMinutes(30);
}
