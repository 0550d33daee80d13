package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.Connection;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What this connection has declared, so that it is declared once. Blocking; thread-safe.
 *
 * <p>What vanishes when unused is declared again after a while: a declaration counts as a use.
 */
final class Topology {
  private static final long RENEWAL_NANOS = Duration.ofMinutes(1).toNanos();

  private final Link link;
  private final SideChannel channel;
  private final Map<Declaration, Long> declaredAt = new ConcurrentHashMap<>();
  private volatile @Nullable Connection declaredOn;

  Topology(Link link) {
    this.link = link;
    this.channel = new SideChannel(link);
  }

  /**
   * Declares what is not known to be there.
   *
   * @return whether anything had to be declared
   * @throws StatusRuntimeException {@code FAILED_PRECONDITION} when something of that name is there
   *     with other settings
   */
  boolean ensure(List<Declaration> declarations) {
    if (declarations.isEmpty()) {
      return false;
    }
    Connection connection = link.current();
    if (connection != declaredOn) {
      declaredAt.clear();
      declaredOn = connection;
    }
    boolean declared = false;
    for (Declaration declaration : declarations) {
      if (!isFresh(declaration)) {
        declare(declaration);
        declared = true;
      }
    }
    return declared;
  }

  /** Declares whether known or not. */
  void declareAgain(List<Declaration> declarations) {
    declarations.forEach(this::declare);
  }

  /** Forgets what was declared, after a sign that something is there no more. */
  void forget() {
    declaredAt.clear();
  }

  private boolean isFresh(Declaration declaration) {
    Long at = declaredAt.get(declaration);
    return at != null && (!declaration.vanishes() || System.nanoTime() - at < RENEWAL_NANOS);
  }

  private void declare(Declaration declaration) {
    long now = System.nanoTime();
    channel.call(c -> {
      declaration.declare(c);
      return declaration;
    });
    declaredAt.put(declaration, now);
  }
}
