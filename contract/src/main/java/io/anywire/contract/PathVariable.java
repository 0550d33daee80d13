package io.anywire.contract;

import java.util.List;

/**
 * A variable of a path template and the segments that it stands for.
 *
 * @param field what it binds
 * @param first the index of its first segment in the template
 * @param pattern its segments; a {@code **} only as the last
 */
record PathVariable(FieldPath field, int first, List<Segment> pattern) {

  /** Whether values may hold slashes that separate segments. */
  boolean isMultiSegment() {
    return pattern.size() > 1 || hasRest();
  }

  boolean hasRest() {
    return pattern.get(pattern.size() - 1) instanceof Segment.Rest;
  }

  /** The index behind its last segment. */
  int end() {
    return first + pattern.size();
  }

  /** Appends a value to a path. */
  void expand(StringBuilder path, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(field + ": empty (expected: a value for " + this + ")");
    }
    String[] parts = isMultiSegment() ? value.split("/", -1) : new String[] {value};
    if (!fits(parts)) {
      throw FieldText.mismatch(field.toString(), value, "a value that fits " + this);
    }
    for (String part : parts) {
      if (part.equals(".") || part.equals("..")) {
        // Every URL parser removes dot segments, encoded or not: the request would go elsewhere.
        throw FieldText.mismatch(field.toString(), value, "no dot segment in a path");
      }
    }
    PercentCoding.encode(path, value, isMultiSegment());
  }

  private boolean fits(String[] parts) {
    int fixed = hasRest() ? pattern.size() - 1 : pattern.size();
    if (hasRest() ? parts.length < fixed : parts.length != fixed) {
      return false;
    }
    for (int i = 0; i < fixed; i++) {
      boolean fit =
          pattern.get(i) instanceof Segment.Literal literal
              ? literal.text().equals(parts[i])
              : !parts[i].isEmpty();
      if (!fit) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{").append(field).append('=');
    for (int i = 0; i < pattern.size(); i++) {
      text.append(i == 0 ? "" : "/");
      switch (pattern.get(i)) {
        case Segment.Literal literal -> text.append(literal.text());
        case Segment.One one -> text.append('*');
        case Segment.Rest rest -> text.append("**");
      }
    }
    return text.append('}').toString();
  }
}
