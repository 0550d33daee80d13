package io.anywire.json;

/** What an error message shows of a text, and what makes a text fit for a protobuf string. */
final class Text {
  /** The longest piece of input that an error message repeats, in UTF-16 units. */
  static final int SHOWN = 40;

  private Text() {}

  static String quoted(String text) {
    return '"' + shortened(text) + '"';
  }

  static String shortened(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length() && i < SHOWN; i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '\uFFFD' : c);
    }
    return text.length() > SHOWN ? shown.append('…').toString() : shown.toString();
  }

  /** False when a surrogate stands alone: such a text has no UTF-8 form. */
  static boolean isWellFormed(String text) {
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
