package io.anywire.http.rest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;

/**
 * The media types that a client takes (RFC 9110, section 12.5.1). Of several ranges that fit, the
 * most specific one counts; parameters but for the weight do not. Immutable.
 */
final class Accept {
  private static final String ANY = "*/*";

  private final List<Weighted> ranges;

  private Accept(List<Weighted> ranges) {
    this.ranges = ranges;
  }

  /** What a request says; without the header, everything. */
  static Accept of(Http2Headers headers) {
    List<Weighted> ranges = Weighted.list(headers.valueIterator(HttpHeaderNames.ACCEPT));
    return new Accept(ranges.isEmpty() ? List.of(new Weighted(ANY, Weighted.FULL)) : ranges);
  }

  /** How welcome a media type, in lower case, is: 0, not at all, to 1000. */
  int weight(String mediaType) {
    String family = mediaType.substring(0, mediaType.indexOf('/') + 1) + "*";
    int best = 0;
    int specific = 0;
    for (Weighted range : ranges) {
      int rank = rank(range.value(), mediaType, family);
      if (rank > specific) {
        specific = rank;
        best = range.weight();
      }
    }
    return best;
  }

  /**
   * Whether a person reads the answer: what asks for HTML is a browser's address bar, which says
   * that it likes XML better than the rest without having anything to show it with.
   */
  boolean wantsHtml() {
    return ranges.stream().anyMatch(r -> r.value().equals("text/html") && r.weight() > 0);
  }

  private static int rank(String range, String mediaType, String family) {
    if (range.equals(mediaType)) {
      return 3;
    }
    return range.equals(family) ? 2 : range.equals(ANY) ? 1 : 0;
  }
}
