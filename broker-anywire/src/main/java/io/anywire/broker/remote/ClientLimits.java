package io.anywire.broker.remote;

import io.anywire.WireUrl;
import io.anywire.wire.Parameters;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What one connection may have of a broker that is served. Immutable.
 *
 * @param subscriptions how many
 * @param inFlight how many messages all of them together may have in flight
 * @param inboxes how many
 * @param inboxBytes how much may wait in one inbox for a client that does not read; what comes then
 *     is lost
 * @param unanswered how many publications may be without an answer
 * @param unansweredBytes how many bytes these may be
 */
public record ClientLimits(
    int subscriptions,
    int inFlight,
    int inboxes,
    int inboxBytes,
    int unanswered,
    int unansweredBytes) {

  /** What holds where nothing else is said. */
  public static final ClientLimits DEFAULT =
      new ClientLimits(500, 1_000_000, 100, 16 << 20, 10_000, 64 << 20);

  private static final String SUBSCRIPTIONS = "subscriptions";
  private static final String IN_FLIGHT = "in-flight";
  private static final String INBOXES = "inboxes";
  private static final String INBOX_BYTES = "inbox-bytes";
  private static final String UNANSWERED = "unanswered";
  private static final String UNANSWERED_BYTES = "unanswered-bytes";
  private static final Set<String> NAMES =
      Set.of(SUBSCRIPTIONS, IN_FLIGHT, INBOXES, INBOX_BYTES, UNANSWERED, UNANSWERED_BYTES);

  /**
   * What the parameters of the URL say at which a broker is served.
   *
   * @throws IllegalArgumentException when one is out of its bounds
   */
  public static ClientLimits of(WireUrl url) {
    Parameters parameters = Parameters.of(url);
    return new ClientLimits(
        parameters.number(SUBSCRIPTIONS, DEFAULT.subscriptions, 0, 1_000_000),
        parameters.number(IN_FLIGHT, DEFAULT.inFlight, 1, 100_000_000),
        parameters.number(INBOXES, DEFAULT.inboxes, 0, 1_000_000),
        parameters.bytes(INBOX_BYTES, DEFAULT.inboxBytes, 1 << 10, 1 << 30),
        parameters.number(UNANSWERED, DEFAULT.unanswered, 1, 1_000_000),
        parameters.bytes(UNANSWERED_BYTES, DEFAULT.unansweredBytes, 4 << 20, 1 << 30));
  }

  /** The URL without these parameters, as the server of HTTP takes it. */
  public static WireUrl without(WireUrl url) {
    Map<String, String> rest = new HashMap<>(url.parameters());
    rest.keySet().removeAll(NAMES);
    return new WireUrl(url.scheme(), url.tls(), url.credentials(), url.hosts(), url.path(), rest);
  }
}
