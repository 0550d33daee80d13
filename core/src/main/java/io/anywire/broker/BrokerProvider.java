package io.anywire.broker;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import java.util.Set;

/** Opens brokers by URL; found by {@link java.util.ServiceLoader}. Stateless and thread-safe. */
public interface BrokerProvider {

  /** The URL schemes that this driver answers to, without {@code +tls}. */
  Set<String> schemes();

  /**
   * Connects to a broker.
   *
   * @throws IllegalArgumentException when the URL lacks something that the driver needs
   * @throws io.grpc.StatusRuntimeException {@code UNAVAILABLE} when the broker cannot be reached,
   *     {@code UNAUTHENTICATED} or {@code PERMISSION_DENIED} when it refuses
   */
  Broker open(WireUrl url, Anywire anywire);
}
