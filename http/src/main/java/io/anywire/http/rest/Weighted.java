package io.anywire.http.rest;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * One value of a header that lists what a client would like, and how much (RFC 9110, section
 * 12.4.2). Immutable.
 *
 * @param value the value in lower case, without its parameters
 * @param weight from 0, not at all, to 1000
 */
record Weighted(String value, int weight) {
  static final int FULL = 1000;

  /** The values in their order; one whose weight is malformed does not count. */
  static List<Weighted> list(Iterator<? extends CharSequence> lines) {
    List<Weighted> list = new ArrayList<>(4);
    while (lines.hasNext()) {
      for (String one : lines.next().toString().split(",")) {
        add(one, list);
      }
    }
    return list;
  }

  private static void add(String one, List<Weighted> to) {
    int semicolon = one.indexOf(';');
    String value = (semicolon < 0 ? one : one.substring(0, semicolon)).strip();
    int weight = semicolon < 0 ? FULL : weight(one.substring(semicolon + 1));
    if (!value.isEmpty() && weight >= 0) {
      to.add(new Weighted(value.toLowerCase(Locale.ROOT), weight));
    }
  }

  private static int weight(String parameters) {
    for (String parameter : parameters.split(";")) {
      String one = parameter.strip();
      if (one.startsWith("q=") || one.startsWith("Q=")) {
        return thousandths(one.substring(2));
      }
    }
    return FULL;
  }

  /** {@code 0} or {@code 1} with at most three decimals; -1 for anything else. */
  private static int thousandths(String text) {
    if (!text.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?")) {
      return -1;
    }
    String decimals = text.length() > 2 ? text.substring(2) : "";
    return (text.charAt(0) - '0') * FULL
        + (decimals.isEmpty() ? 0 : Integer.parseInt((decimals + "00").substring(0, 3)));
  }
}
