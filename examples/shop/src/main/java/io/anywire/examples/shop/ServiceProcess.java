package io.anywire.examples.shop;

import io.anywire.WireUrl;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A service as a process: one line on standard output when every wire answers, a clean end with
 * exit code 0 when it is asked to stop, one line on standard error and exit code 1 when it cannot
 * start, 2 when its command line is wrong.
 */
final class ServiceProcess {
  /** Where the broker of {@code ./anywire demo} listens. */
  static final String BROKER = "anywire://127.0.0.1:8080";

  /** The folder of the H2 files, unless told otherwise. */
  static final String DATA =
      Path.of(System.getProperty("user.home", "."), ".anywire", "shop").toString();

  private ServiceProcess() {}

  /**
   * Runs {@code service} until the process is asked to stop.
   *
   * @param usage its command line, to be formatted with {@link #BROKER} and {@link #DATA}
   * @param start starts it
   * @param urls tells where it listens
   */
  static <S extends AutoCloseable> void run(
      String name,
      String[] arguments,
      String usage,
      Callable<S> start,
      Function<S, List<WireUrl>> urls) {
    if (Arrays.asList(arguments).contains("--help")) {
      System.out.println(usage.formatted(BROKER, DATA));
      return;
    }
    try {
      S service = start.call();
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("stop-" + name).unstarted(() -> stop(service)));
      System.out.println(name + " ready at " + text(urls.apply(service)));
      // Every other thread is a daemon, and the shutdown hook ends the process.
      new CountDownLatch(1).await();
    } catch (IllegalArgumentException e) {
      end(name, e, 2);
    } catch (Exception e) {
      end(name, e, 1);
    }
  }

  private static String text(List<WireUrl> urls) {
    return urls.stream().map(WireUrl::toString).collect(Collectors.joining(" "));
  }

  /** Drains. An end that was asked for is a success, where the JVM would say 143. */
  private static void stop(AutoCloseable service) {
    int code = 0;
    try {
      service.close();
    } catch (Exception e) {
      System.err.println("stopping: " + e);
      code = 1;
    }
    Runtime.getRuntime().halt(code);
  }

  private static void end(String name, Exception reason, int code) {
    System.err.println(name + ": " + reason.getMessage());
    System.exit(code);
  }
}
