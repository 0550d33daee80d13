package io.anywire.cli.contract;

import io.anywire.cli.CliException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses what a mistyped name was meant to be. */
public final class Closest {
  private Closest() {}

  /** The name that takes the fewest edits, where that is less than half of its letters. */
  static Optional<String> to(String typed, Collection<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(typed, name)))
        .filter(name -> distance(typed, name) * 2 < name.length());
  }

  /**
   * Says that there is nothing of that name, what it may have been meant to be, and what there is.
   */
  public static CliException unknown(String what, String typed, Collection<String> names) {
    String guess = to(typed, names).map(name -> "; did you mean '" + name + "'?").orElse("");
    String all = names.isEmpty() ? "there is none" : String.join(", ", names);
    return CliException.usage(what + guess + " (expected: " + all + ")");
  }

  /** The Levenshtein distance, without regard to case. */
  private static int distance(String a, String b) {
    String from = a.toLowerCase(Locale.ROOT);
    String to = b.toLowerCase(Locale.ROOT);
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int above = row[j];
        int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    return row[to.length()];
  }
}
