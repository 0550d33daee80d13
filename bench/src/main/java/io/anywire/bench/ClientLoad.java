package io.anywire.bench;

import io.anywire.bench.server.NettyGrpc;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Tells client processes to call, all of them one and the same server: raw Netty, so that as much
 * of the machine as can be is left to them. What it loads, and what is measured, is the client.
 */
final class ClientLoad implements Load {
  private static final Duration ONE_SECOND = Duration.ofSeconds(1);

  private final SubjectProcess server =
      new SubjectProcess(
          Subject.of("server-of-all-clients", NettyGrpc.class), Optional.empty(), List.of());

  @Override
  public List<String> arguments(Subject subject) {
    return List.of(Integer.toString(server.target().port()));
  }

  @Override
  public void verify(Target target) {
    run(target, ONE_SECOND).requireAllGood();
  }

  @Override
  public LoadResult run(Target target, Duration duration) {
    return Ordering.run(target, duration);
  }

  @Override
  public void close() {
    server.close();
  }
}
