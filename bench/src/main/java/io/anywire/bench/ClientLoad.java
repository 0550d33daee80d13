package io.anywire.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.anywire.bench.client.CallResult;
import io.anywire.bench.server.NettyGrpc;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
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
  public List<String> arguments() {
    return List.of(Integer.toString(server.target().port()));
  }

  @Override
  public void verify(Target target) {
    run(target, ONE_SECOND).requireAllGood();
  }

  @Override
  public LoadResult run(Target target, Duration duration) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), target.port())) {
      socket.getOutputStream().write("run %d\n".formatted(duration.toMillis()).getBytes(US_ASCII));
      String line =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
      return result(line == null ? "" : line);
    } catch (IOException e) {
      throw new BenchException("the client is gone: " + e);
    }
  }

  @Override
  public void close() {
    server.close();
  }

  private static LoadResult result(String line) {
    try {
      CallResult result = CallResult.parse(line);
      return new LoadResult(
          result.calls(), result.failed(), result.calls() / result.seconds(), 0, result.failure());
    } catch (IllegalArgumentException e) {
      throw new BenchException(String.valueOf(e.getMessage()));
    }
  }
}
