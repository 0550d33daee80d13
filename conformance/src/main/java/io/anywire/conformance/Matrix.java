package io.anywire.conformance;

import io.anywire.call.Threads;
import io.anywire.conformance.v1.ConformanceServiceGrpc;
import io.anywire.conformance.v1.Observation;
import io.anywire.conformance.v1.ObserveRequest;
import io.grpc.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** The cases, and what becomes of them on a wire. Immutable and thread-safe. */
public final class Matrix {
  private static final Duration HANGS_AFTER = Duration.ofSeconds(30);
  private static final Duration OBSERVED_WITHIN = Duration.ofSeconds(5);

  private final List<Case> cases = Cases.all();
  private final List<Gap> gaps = Cases.gaps();

  /**
   * What became of a case on a wire.
   *
   * @param gap why it is known not to hold there; empty where it is to hold
   * @param differences what did not come as expected
   */
  public record Verdict(String wire, String name, Optional<String> gap, List<String> differences) {

    /** Whether the case held, or failed where that is known. */
    public boolean isAsExpected() {
      return differences.isEmpty() == gap.isEmpty();
    }

    @Override
    public String toString() {
      return gap.isPresent() && differences.isEmpty()
          ? wire + ": " + name + ": holds, though listed as a gap: " + gap.get()
          : wire + ": " + name + ": " + String.join("; ", differences);
    }
  }

  /** The cases that can be said of a wire, by name. */
  public List<String> cases(String wire) {
    return cases.stream().filter(c -> c.isSaidOf(wire)).map(Case::name).toList();
  }

  /** How many cases there are. */
  public int size() {
    return cases.size();
  }

  /**
   * Runs every case on every wire: one after the other on each, and the wires side by side, since
   * most of the time goes into waiting.
   *
   * @return what will become of each case, by its name, for each wire
   */
  public Map<String, Map<String, CompletableFuture<Verdict>>> runAll(
      Map<String, Channel> channels) {
    Map<String, Map<String, CompletableFuture<Verdict>>> verdicts = new TreeMap<>();
    channels.forEach((wire, channel) -> verdicts.put(wire, runAll(wire, channel)));
    return verdicts;
  }

  private Map<String, CompletableFuture<Verdict>> runAll(String wire, Channel channel) {
    Map<String, CompletableFuture<Verdict>> verdicts = new LinkedHashMap<>();
    CompletableFuture<?> before = CompletableFuture.completedFuture(null);
    for (String name : cases(wire)) {
      CompletableFuture<Verdict> next =
          before
              .handle((done, failed) -> name)
              .thenApplyAsync(n -> run(n, wire, channel), Threads.VIRTUAL);
      verdicts.put(name, next);
      before = next;
    }
    return verdicts;
  }

  /** Runs a case over a wire. */
  public Verdict run(String name, String wire, Channel channel) {
    Case one = cases.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    Case fresh = one.run(UUID.randomUUID().toString());
    Optional<String> gap = gaps.stream().filter(g -> g.covers(wire, one)).findFirst().map(Gap::why);
    return new Verdict(wire, name, gap, differences(fresh, channel));
  }

  private static List<String> differences(Case one, Channel channel) {
    List<CompletableFuture<Call.Result>> calls = new ArrayList<>();
    for (int i = 0; i < one.parallel(); i++) {
      calls.add(Call.make(one, channel).orTimeout(HANGS_AFTER.toMillis(), TimeUnit.MILLISECONDS));
    }
    List<String> differences = new ArrayList<>();
    for (CompletableFuture<Call.Result> call : calls) {
      try {
        differences.addAll(Check.differences(one.expect(), call.join()));
      } catch (CompletionException e) {
        differences.add("the call never ended: " + e.getCause());
      }
    }
    one.observe().ifPresent(wanted -> differences.addAll(unobserved(one, wanted, channel)));
    return differences;
  }

  /** The server may see the end of a call later than the caller: waits for it, within bounds. */
  private static List<String> unobserved(Case one, Object wanted, Channel channel) {
    ObserveRequest request = ObserveRequest.newBuilder().setCall(observedCall(one)).build();
    long end = System.nanoTime() + OBSERVED_WITHIN.toNanos();
    while (true) {
      Observation seen =
          ConformanceServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(HANGS_AFTER.toMillis(), TimeUnit.MILLISECONDS)
              .observe(request);
      List<String> differences = Check.differences(wanted, seen);
      if (differences.isEmpty() || System.nanoTime() > end) {
        return differences;
      }
    }
  }

  private static String observedCall(Case one) {
    Object behaviour = ((Map<?, ?>) one.requests().getFirst()).get("behaviour");
    return String.valueOf(((Map<?, ?>) Objects.requireNonNull(behaviour)).get("call"));
  }
}
