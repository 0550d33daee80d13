package io.anywire.codec;

/** Paths of a field mask: lower_snake_case in the message, lowerCamelCase in JSON. */
final class FieldMaskText {
  private FieldMaskText() {}

  /** Whether a path, turned to JSON and back, is itself again. */
  static boolean hasJsonForm(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean afterUnderscore = i > 0 && path.charAt(i - 1) == '_';
      if (isUpper(c) || c == ',' || (afterUnderscore && !isLower(c))) {
        return false;
      }
    }
    return !path.endsWith("_");
  }

  static String toJson(String path) {
    StringBuilder json = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '_') {
        json.append(Character.toUpperCase(path.charAt(++i)));
      } else {
        json.append(c);
      }
    }
    return json.toString();
  }

  static String fromJson(String json) {
    StringBuilder path = new StringBuilder(json.length() + 4);
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (isUpper(c)) {
        path.append('_').append(Character.toLowerCase(c));
      } else {
        path.append(c);
      }
    }
    return path.toString();
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }
}
