package io.anywire.bench.client;

/**
 * How long messages took.
 *
 * @param received until a consumer had them
 * @param acknowledged until their publisher was told that they were taken
 */
public record Receipts(LatencyResult received, LatencyResult acknowledged) {
  private static final String AND = " and ";

  /** As one line, which {@link #parse} reads. */
  public String line() {
    return received.line() + AND + acknowledged.line();
  }

  /**
   * Reads what {@link #line} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Receipts parse(String line) {
    int end = line.lastIndexOf(AND + "done ");
    if (end < 0) {
      throw new IllegalArgumentException("receipts: '" + line + "' (expected: two latencies)");
    }
    return new Receipts(
        LatencyResult.parse(line.substring(0, end)),
        LatencyResult.parse(line.substring(end + AND.length())));
  }
}
