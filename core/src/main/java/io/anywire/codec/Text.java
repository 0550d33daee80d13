package io.anywire.codec;

/** What an error message shows of a text, and what makes a text fit for a protobuf string. */
public final class Text {
  /** The longest piece of input that an error message repeats, in UTF-16 units. */
  public static final int SHOWN = 40;

  private Text() {}

  /** The text in quotes, shortened. */
  public static String quoted(String text) {
    return '"' + shortened(text) + '"';
  }

  /** The first of the text, without what a terminal would obey. */
  public static String shortened(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length() && i < SHOWN; i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '\uFFFD' : c);
    }
    return text.length() > SHOWN ? shown.append('…').toString() : shown.toString();
  }

  /** Whether a path shows the name as it is, rather than in quotes. */
  public static boolean isIdentifier(String name) {
    return !name.isEmpty()
        && name.length() <= SHOWN
        && name.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '_'));
  }

  /** False when a surrogate stands alone: such a text has no UTF-8 form. */
  public static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || ++i == text.length()
            || !Character.isLowSurrogate(text.charAt(i))) {
          return false;
        }
      }
    }
    return true;
  }
}
