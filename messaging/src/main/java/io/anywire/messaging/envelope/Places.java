package io.anywire.messaging.envelope;

import io.anywire.WireUrl;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscribeOptions.Start;
import io.anywire.broker.Topic;
import io.anywire.wire.Parameters;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Where things go on a broker; the same for services that protobuf does not describe. */
public final class Places {
  /** The URL parameter that bounds what is handled at a time, per service or event topic. */
  public static final String IN_FLIGHT = "in-flight";

  /** The URL parameter that says how often each side of a stream shows that it is there. */
  public static final String HEARTBEAT = "heartbeat";

  /** The shortest and the longest time between signs of life. */
  public static final Duration LEAST_HEARTBEAT = Duration.ofMillis(50);

  public static final Duration MOST_HEARTBEAT = Duration.ofMinutes(1);

  /** The URL parameter that says where new subscriptions begin. */
  public static final String FROM = "from";

  /** The URL parameter that says what payloads are written in. */
  public static final String CODEC = "codec";

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
   * Where a subscription that does not exist yet begins: {@code from=now}, which is the default,
   * {@code from=beginning}, or {@code from=} a time as in RFC 3339.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static Start start(WireUrl url) {
    Parameters parameters = Parameters.of(url);
    String from = parameters.text(FROM).orElse("now");
    return switch (from) {
      case "now" -> SubscribeOptions.NOW;
      case "beginning" -> SubscribeOptions.BEGINNING;
      default -> {
        try {
          yield new Start.At(OffsetDateTime.parse(from).toInstant());
        } catch (DateTimeException e) {
          throw parameters.refused(FROM, from, "now, beginning, or a time as in RFC 3339");
        }
      }
    };
  }

  /**
   * What payloads are written in: {@code codec}, protobuf by default.
   *
   * @throws IllegalArgumentException when it is none of {@link Codec#NAMES}
   */
  public static Codec codec(WireUrl url) {
    return Codec.named(Parameters.of(url).choice(CODEC, "protobuf", Codec.NAMES));
  }

  /**
   * The broker's own URL: without what only this module reads, so that one broker is opened once.
   */
  public static WireUrl broker(WireUrl url) {
    Map<String, String> rest = new HashMap<>(url.parameters());
    rest.keySet().removeAll(Set.of(IN_FLIGHT, HEARTBEAT, FROM, CODEC));
    return new WireUrl(url.scheme(), url.tls(), url.credentials(), url.hosts(), url.path(), rest);
  }
}
