package io.anywire.bench.messaging;

/**
 * What one message carries: a payload with the attributes that CloudEvents requires, and the time.
 *
 * @param id ends with the message's number
 * @param type of the data
 * @param source where it comes from
 * @param time when it was published, as RFC 3339 writes it
 * @param payload not to be changed
 */
public record Event(String id, String type, String source, String time, byte[] payload) {
  private static final String ID = "message-";
  private static final String TYPE = "anywire.bench.v1.Orders.Placed";
  private static final String SOURCE = "anywire://bench/publisher";

  static Event of(long number, String time, byte[] payload) {
    return new Event(ID + number, TYPE, SOURCE, time, payload);
  }

  /** The number of the message with that id. */
  public static long number(String id) {
    return Long.parseLong(id, ID.length(), id.length(), 10);
  }

  /** The number of this message. */
  public long number() {
    return number(id);
  }
}
