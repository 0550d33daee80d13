package io.anywire.http.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.http.hostile.GoodClient.Served;
import io.anywire.testing.Certificates;
import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * That those who behave are served at full speed while others attack. A good client asks over every
 * version of HTTP, one request after the other; what it gets within an attack is compared with what
 * it got just before. The server has a process of its own, and attacks come at a pace that leaves
 * room on the processors that they share with it, so that it is not their own work that is
 * measured.
 *
 * <p>Whatever else runs on the machine only makes things slower. So the better of a few rounds
 * counts, for each version: an attack that slows the server down does so in each.
 */
class FullSpeedTest {
  private static final int ROUNDS = 5;
  private static final int VERSIONS = 3;
  private static final long BEFORE = Duration.ofMillis(300).toNanos();
  private static final long WARM_UP = Duration.ofMillis(150).toNanos();
  private static final long WITHIN = Duration.ofMillis(400).toNanos();

  /** How many attacks are under way at most. */
  private static final int AT_ONCE = 64;

  // Within an attack, a request may take so many times what it took before, and so much longer.
  private static final int TIMES = 3;
  private static final long MORE_MICROS = 2_000;
  private static final int TIMES_P99 = 5;
  private static final long MORE_MICROS_P99 = 100_000;

  @TempDir static Path folder;

  @Test
  void others_are_served_at_full_speed_while_attacks_go_on() throws Exception {
    Certificates.Issued identity = Certificates.in(folder).issue("server");
    try (LocalProcess process =
        JavaProcess.of(CrowdServer.class)
            .arguments(
                HostilePeerTest.LIMITS + "800ms",
                identity.certificate().toString(),
                identity.key().toString())
            .start()) {
      Door secure = new Door(port(process, "secure port (\\d+)"), true);
      Door open = Door.open(port(process, "(?m)^port (\\d+)"));
      List<String> slow = new ArrayList<>();
      try (GoodClient good = new GoodClient(open, secure)) {
        rest(WITHIN);
        System.out.println(
            "a request's median and 99th percentile in us: before -> within attacks");
        for (Map.Entry<String, List<Attack>> family : families().entrySet()) {
          if (!isServedAtFullSpeed(family.getKey(), family.getValue(), good, open, secure)) {
            slow.add(family.getKey());
          }
        }
      }
      assertThat(slow).as("attacks that slow others down").isEmpty();
    }
  }

  private static int port(LocalProcess process, String line) {
    return Integer.parseInt(
        process.awaitLine(Pattern.compile(line), Duration.ofSeconds(30)).group(1));
  }

  /** What is sent in masses, what takes its time, and the rest, of each wire. */
  private static Map<String, List<Attack>> families() throws Exception {
    return HostilePeerTest.families().stream()
        .flatMap(List::stream)
        .collect(
            Collectors.groupingBy(FullSpeedTest::family, LinkedHashMap::new, Collectors.toList()));
  }

  private static String family(Attack attack) {
    boolean flood = attack.name().contains("flood") || attack.name().contains("CVE");
    String wire = attack.wire().endsWith("in TLS") ? "in TLS" : attack.wire();
    return wire + ": " + (flood ? "floods" : attack.isSlow() ? "slow" : "malformed");
  }

  private static boolean isServedAtFullSpeed(
      String name, List<Attack> attacks, GoodClient good, Door open, Door secure)
      throws InterruptedException {
    Set<String> asBefore = new TreeSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, Served> before = measured(good, BEFORE);
      try (Attackers attackers = new Attackers(attacks, open, secure)) {
        rest(WARM_UP);
        Map<String, Served> within = measured(good, WITHIN);
        System.out.println(name + ", " + attackers.count() + " times: " + shown(before, within));
        before.forEach((version, served) -> {
          if (isFullSpeed(served, within.get(version))) {
            asBefore.add(version);
          }
        });
        if (asBefore.size() == VERSIONS) {
          return true;
        }
      }
    }
    return false;
  }

  private static Map<String, Served> measured(GoodClient good, long nanos) {
    good.served();
    rest(nanos);
    return good.served();
  }

  private static boolean isFullSpeed(Served before, @Nullable Served within) {
    return within != null
        && within.medianMicros() <= TIMES * before.medianMicros() + MORE_MICROS
        && within.p99Micros() <= TIMES_P99 * before.p99Micros() + MORE_MICROS_P99
        && within.count() * BEFORE * 2 >= before.count() * WITHIN;
  }

  private static String shown(Map<String, Served> before, Map<String, Served> within) {
    return before.keySet().stream()
        .map(version ->
            version + " " + figures(before.get(version)) + " -> " + figures(within.get(version)))
        .collect(Collectors.joining(", "));
  }

  private static String figures(@Nullable Served served) {
    return served == null ? "none" : served.medianMicros() + "/" + served.p99Micros();
  }

  private static void rest(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left; (left = end - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
    }
  }

  /** They attack at a steady pace, one way after the other, until they are closed. */
  private static final class Attackers implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger count = new AtomicInteger();
    private final Thread pace;

    Attackers(List<Attack> attacks, Door open, Door secure) {
      long every = Duration.ofSeconds(1).toNanos() / perSecond(attacks);
      pace =
          Thread.ofPlatform()
              .name("attackers")
              .start(() -> {
                for (int i = 0; !ended.get(); i++) {
                  Attack attack = attacks.get(i % attacks.size());
                  attack(attack, attack.secure() ? secure : open);
                  rest(every);
                }
              });
    }

    private static int perSecond(List<Attack> attacks) {
      return attacks.stream().mapToInt(Attack::perSecond).min().orElseThrow();
    }

    private void attack(Attack attack, Door door) {
      if (free.tryAcquire()) {
        count.incrementAndGet();
        threads.execute(() -> {
          try {
            attack.program().attack(door);
          } catch (Exception | AssertionError e) {
            // Whether it is refused as it should be is another test's concern.
            LockSupport.parkNanos(1);
          } finally {
            free.release();
          }
        });
      }
    }

    int count() {
      return count.get();
    }

    @Override
    public void close() throws InterruptedException {
      ended.set(true);
      pace.join();
      free.acquire(AT_ONCE);
      threads.shutdown();
    }
  }
}
