package io.anywire.messaging.envelope;

import io.anywire.WireUrl;
import io.anywire.broker.Topic;
import io.anywire.wire.Parameters;
import java.util.HashMap;
import java.util.Map;

/** Where things go on a broker; the same for services that protobuf does not describe. */
public final class Places {
  /** The URL parameter that bounds what is handled at a time, per service or event topic. */
  public static final String IN_FLIGHT = "in-flight";

  private static final int DEFAULT_IN_FLIGHT = 256;

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
   * The broker's own URL: without what only this module reads, so that one broker is opened once.
   */
  public static WireUrl broker(WireUrl url) {
    Map<String, String> rest = new HashMap<>(url.parameters());
    rest.remove(IN_FLIGHT);
    return new WireUrl(url.scheme(), url.tls(), url.credentials(), url.hosts(), url.path(), rest);
  }
}
