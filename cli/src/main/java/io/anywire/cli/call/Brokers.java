package io.anywire.cli.call;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.BrokerProvider;
import io.anywire.cli.CliException;
import io.anywire.cli.Problem;
import io.grpc.StatusRuntimeException;
import java.util.ServiceLoader;

/** Connects to brokers before anything is asked of them, so that one that is away is named. */
public final class Brokers {
  private Brokers() {}

  /** Whether a URL names a broker. */
  static boolean isBroker(String url) {
    String scheme = WireUrl.parse(url).scheme();
    return ServiceLoader.load(BrokerProvider.class).stream()
        .anyMatch(provider -> provider.get().schemes().contains(scheme));
  }

  /**
   * Connects.
   *
   * @throws CliException when it cannot be reached, or lives in one process only
   */
  public static void connect(Anywire anywire, String url) {
    WireUrl parsed = WireUrl.parse(url);
    if (parsed.scheme().equals("memory")) {
      throw CliException.usage(
          url
              + ": a memory broker is seen by its own process only (expected: a broker that"
              + " others reach, such as anywire://127.0.0.1:8080, see anywire broker --help)");
    }
    try {
      anywire.broker(parsed);
    } catch (StatusRuntimeException e) {
      throw CliException.cannotConnect(
          "no broker answers at " + url + ": " + Problem.reason(e.getStatus()), e);
    }
  }
}
