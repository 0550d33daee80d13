package io.anywire.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.anywire.bench.Measurement.Latencies;
import io.anywire.bench.client.CallResult;
import io.anywire.bench.client.LatencyResult;
import io.anywire.bench.client.Receipts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.function.Function;

/**
 * Tells a subject that loads itself what to do; as {@link io.anywire.bench.client.Orders} reads.
 */
final class Ordering {
  private Ordering() {}

  /** As much as it can. */
  static LoadResult run(Target target, Duration duration) {
    CallResult result = answer(target, "run " + duration.toMillis(), CallResult::parse);
    return new LoadResult(
        result.calls(), result.failed(), result.calls() / result.seconds(), 0, result.failure());
  }

  /** So often a second. */
  static Latency paced(Target target, Duration duration, int perSecond) {
    String order = "paced " + duration.toMillis() + " " + perSecond;
    return latency(answer(target, order, LatencyResult::parse));
  }

  /** So often a second, of messages. */
  static Latencies receipts(Target target, Duration duration, int perSecond) {
    String order = "receipts " + duration.toMillis() + " " + perSecond;
    Receipts receipts = answer(target, order, Receipts::parse);
    return new Latencies(
        latency(receipts.received()), latency(receipts.acknowledged()), Latency.NONE);
  }

  /** One after the other. */
  static Latency alone(Target target, Duration duration) {
    return latency(answer(target, "alone " + duration.toMillis(), LatencyResult::parse));
  }

  private static Latency latency(LatencyResult result) {
    if (result.done() == 0 || result.failed() > 0) {
      throw new BenchException(
          "%d failed, %d done (expected: 0 of many) %s"
              .formatted(result.failed(), result.done(), result.failure())
              .strip());
    }
    return new Latency(result.p50(), result.p99());
  }

  private static <T> T answer(Target target, String order, Function<String, T> parse) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), target.port())) {
      socket.getOutputStream().write((order + "\n").getBytes(US_ASCII));
      String line =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
      return parse.apply(line == null ? "" : line);
    } catch (IllegalArgumentException e) {
      throw new BenchException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new BenchException("the subject is gone: " + e);
    }
  }
}
