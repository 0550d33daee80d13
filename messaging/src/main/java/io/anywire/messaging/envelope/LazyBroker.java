package io.anywire.messaging.envelope;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A broker that is opened when it is first needed, and remembered: the calls of a handler must not
 * ask the runtime, which may be closing and waiting for that very handler. Thread-safe.
 */
public final class LazyBroker implements Supplier<Broker> {
  private final Anywire anywire;
  private final WireUrl url;
  private volatile @Nullable Broker broker;

  /** Names the broker; nothing is opened. */
  public LazyBroker(Anywire anywire, WireUrl url) {
    this.anywire = anywire;
    this.url = url;
  }

  /**
   * The broker.
   *
   * @throws io.grpc.StatusRuntimeException {@code UNAVAILABLE} when it cannot be reached
   */
  @Override
  public Broker get() {
    Broker known = broker;
    if (known == null) {
      known = anywire.broker(url);
      broker = known;
    }
    return known;
  }
}
