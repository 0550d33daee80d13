package io.anywire.messaging;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.BrokerProvider;
import io.anywire.messaging.rpc.QueueChannel;
import io.anywire.wire.Listening;
import io.anywire.wire.Services;
import io.anywire.wire.Wire;
import io.grpc.ManagedChannel;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every broker as a wire.
 *
 * <p>Its channel carries calls of all four kinds through the queue of their service. What listens
 * at it serves, for an ordinary service, calls and tasks; for an event contract, the events, in the
 * subscription that is named like the application and shared by its instances. {@code ?in-flight=N}
 * bounds what is handled at a time per service or topic, 256 by default.
 */
public final class BrokerWire implements Wire {
  private final Set<String> schemes = new TreeSet<>();

  /** Finds the brokers on the class path. */
  public BrokerWire() {
    ServiceLoader.load(BrokerProvider.class).forEach(p -> schemes.addAll(p.schemes()));
  }

  @Override
  public Set<String> schemes() {
    return Set.copyOf(schemes);
  }

  @Override
  public ManagedChannel channel(WireUrl url, Anywire anywire) {
    return new QueueChannel(url, anywire);
  }

  @Override
  public Listening listen(WireUrl url, Services services, Anywire anywire) {
    return BrokerListening.start(url, services, anywire);
  }
}
