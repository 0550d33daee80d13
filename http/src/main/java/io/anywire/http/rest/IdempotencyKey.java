package io.anywire.http.rest;

/**
 * The header {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header): a quoted string
 * of RFC 9651, which goes to the handler as metadata without its quotes. What many clients send, a
 * key without quotes, is taken as it is.
 */
final class IdempotencyKey {
  static final String NAME = "idempotency-key";
  private static final int LONGEST = 255;

  private IdempotencyKey() {}

  /**
   * The key itself.
   *
   * @throws IllegalArgumentException when it is empty, longer than 255 characters, or badly quoted
   */
  static String read(String header) {
    String text = header.strip();
    String key = text.startsWith("\"") ? unquoted(text) : printable(text, text);
    if (key.isEmpty() || key.length() > LONGEST) {
      throw malformed(text);
    }
    return key;
  }

  private static String unquoted(String text) {
    StringBuilder key = new StringBuilder(text.length());
    int end = text.length() - 1;
    for (int i = 1; i < end; i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
        c = i < end ? text.charAt(i) : ' ';
        if (c != '\\' && c != '"') {
          throw malformed(text);
        }
      } else if (c == '"') {
        throw malformed(text);
      }
      key.append(c);
    }
    if (end < 1 || text.charAt(end) != '"') {
      throw malformed(text);
    }
    return printable(key.toString(), text);
  }

  private static String printable(String key, String text) {
    if (!key.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw malformed(text);
    }
    return key;
  }

  private static IllegalArgumentException malformed(String text) {
    String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return new IllegalArgumentException(
        NAME + ": " + shown + " (expected: a quoted string of 1 to " + LONGEST + " characters)");
  }
}
