package io.anywire.wire;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.grpc.ManagedChannel;
import java.util.Set;

/**
 * One way to reach a handler, found by {@link java.util.ServiceLoader} and chosen by the scheme of
 * a URL. Implementations are stateless and thread-safe.
 */
public interface Wire {

  /** The URL schemes that this wire answers to, without {@code +tls}. */
  Set<String> schemes();

  /**
   * Opens a channel that any generated stub can use. Connecting may happen later, at the first
   * call.
   *
   * @throws IllegalArgumentException when the URL lacks something that this wire needs
   */
  ManagedChannel channel(WireUrl url, Anywire anywire);

  /**
   * Serves {@code services} at {@code url} until the result is closed. When this returns, callers
   * are answered.
   *
   * @throws IllegalArgumentException when the URL or a contract asks for what this wire cannot do
   * @throws java.io.UncheckedIOException when the address cannot be bound or reached
   */
  Listening listen(WireUrl url, Services services, Anywire anywire);
}
