package io.anywire.http.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anywire.call.Failures;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Locale;
import java.util.function.BiConsumer;

/** Query strings: {@code name=value&…}, percent-encoded UTF-8, a plus sign for a space. */
final class Query {
  private Query() {}

  /**
   * Gives every parameter, decoded, in its order.
   *
   * @throws io.grpc.StatusRuntimeException {@code INVALID_ARGUMENT} when the encoding is malformed
   */
  static void forEach(String query, BiConsumer<String, String> parameter) {
    int from = 0;
    while (from < query.length()) {
      int and = query.indexOf('&', from);
      int to = and < 0 ? query.length() : and;
      if (to > from) {
        int equals = query.indexOf('=', from);
        int end = equals < 0 || equals > to ? to : equals;
        parameter.accept(
            decoded(query.substring(from, end)),
            end == to ? "" : decoded(query.substring(end + 1, to)));
      }
      from = to + 1;
    }
  }

  /** Appends a parameter. */
  static void append(StringBuilder query, String name, String value) {
    query.append(query.isEmpty() ? "" : "&");
    query
        .append(URLEncoder.encode(name, UTF_8))
        .append('=')
        .append(URLEncoder.encode(value, UTF_8));
  }

  private static String decoded(String raw) {
    if (raw.indexOf('%') < 0 && raw.indexOf('+') < 0) {
      return raw;
    }
    try {
      String text = URLDecoder.decode(raw, UTF_8);
      // Octets that are no UTF-8 become U+FFFD, which only its own encoding may become.
      if (text.indexOf('\uFFFD') < 0 || raw.toUpperCase(Locale.ROOT).contains("%EF%BF%BD")) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      // Answered below, like octets that are no UTF-8.
    }
    throw Failures.invalidField(
        "", "query \"" + raw + "\": malformed (expected: percent-encoded UTF-8)");
  }
}
