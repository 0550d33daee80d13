package io.anywire.messaging.envelope;

import io.anywire.WireUrl;
import io.anywire.broker.Topic;
import io.anywire.wire.Parameters;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Where things go on a broker; the same for services that protobuf does not describe. */
public final class Places {
  /** The URL parameter that bounds what is handled at a time, per service or event topic. */
  public static final String IN_FLIGHT = "in-flight";

  /** The URL parameter that says how often each side of a stream shows that it is there. */
  public static final String HEARTBEAT = "heartbeat";

  /** The shortest and the longest time between signs of life. */
  public static final Duration LEAST_HEARTBEAT = Duration.ofMillis(50);

  public static final Duration MOST_HEARTBEAT = Duration.ofMinutes(1);

  private static final int DEFAULT_IN_FLIGHT = 256;
  private static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(5);

  private Places() {}

  /** Where calls to a service go: {@code <service>.rpc}. */
  public static Topic calls(String service) {
    return Topic.calls(service + ".rpc");
  }

  /** Where the tasks of a service go: its full name. */
  public static Topic tasks(String service) {
    return Topic.queue(service);
  }

  /** The type of the messages for a method, {@code package.Service/Method}: the same with dots. */
  public static String type(String fullMethodName) {
    return fullMethodName.replace('/', '.');
  }

  /**
   * How much of one service or topic is handled at a time: {@code in-flight}, 256 by default.
   *
   * @throws IllegalArgumentException when it is not a number from 1 to 1000000
   */
  public static int inFlight(WireUrl url) {
    return Parameters.of(url).number(IN_FLIGHT, DEFAULT_IN_FLIGHT, 1, 1_000_000);
  }

  /**
   * How often each side of a stream shows that it is there: {@code heartbeat}, 5 s by default.
   *
   * @throws IllegalArgumentException when it is not a time from 50 ms to a minute
   */
  public static Duration heartbeat(WireUrl url) {
    Parameters parameters = Parameters.of(url);
    Duration given = parameters.duration(HEARTBEAT, DEFAULT_HEARTBEAT, LEAST_HEARTBEAT);
    if (given.compareTo(MOST_HEARTBEAT) > 0) {
      throw parameters.refused(HEARTBEAT, given.toSeconds() + "s", "at most 60s");
    }
    return given;
  }

  /**
   * The broker's own URL: without what only this module reads, so that one broker is opened once.
   */
  public static WireUrl broker(WireUrl url) {
    Map<String, String> rest = new HashMap<>(url.parameters());
    rest.remove(IN_FLIGHT);
    rest.remove(HEARTBEAT);
    return new WireUrl(url.scheme(), url.tls(), url.credentials(), url.hosts(), url.path(), rest);
  }
}
