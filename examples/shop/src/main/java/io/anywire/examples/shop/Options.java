package io.anywire.examples.shop;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a command line says, in {@code --name value} or {@code --name=value}; what it leaves out is
 * the system property {@code shop.NAME}, else a default. Immutable.
 */
final class Options {
  private final Map<String, String> values;

  private Options(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException for an option that is not among {@code known}, or has no value
   */
  static Options of(String[] arguments, List<String> known) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      String[] parts = arguments[i].split("=", 2);
      if (!parts[0].startsWith("--") || !known.contains(parts[0].substring(2))) {
        throw new IllegalArgumentException(
            arguments[i] + ": no such option (expected: --" + String.join(", --", known) + ")");
      }
      if (parts.length == 1 && i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + ": no value (expected: one after it)");
      }
      values.put(parts[0].substring(2), parts.length == 2 ? parts[1] : arguments[++i]);
    }
    return new Options(values);
  }

  /** The value of an option. */
  String get(String name, String otherwise) {
    String given = values.get(name);
    return given != null ? given : System.getProperty("shop." + name, otherwise);
  }

  /** The values of an option, separated by spaces; a comma is part of a URL. */
  List<String> list(String name, String otherwise) {
    return List.of(get(name, otherwise).trim().split("\\s+"));
  }
}
