package io.anywire.http.rest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/**
 * What {@code If-Match} or {@code If-None-Match} says (RFC 9110, sections 13.1.1 and 13.1.2).
 * Immutable.
 *
 * @param any whether it is {@code *}: any version that exists
 */
record TagList(boolean any, List<EntityTag> tags) {

  /**
   * Reads the lines of a header.
   *
   * @throws IllegalArgumentException when they do not follow the grammar
   */
  static TagList read(String name, Iterator<? extends CharSequence> lines) {
    List<EntityTag> tags = new ArrayList<>(1);
    while (lines.hasNext()) {
      String line = lines.next().toString().strip();
      if (line.equals("*") && tags.isEmpty() && !lines.hasNext()) {
        return new TagList(true, List.of());
      }
      read(name, line, tags);
    }
    return new TagList(false, List.copyOf(tags));
  }

  /** Whether it names one of the versions that there are, compared strongly. */
  boolean hasSameAs(Collection<EntityTag> current) {
    return any ? !current.isEmpty() : current.stream().anyMatch(c -> has(c, true));
  }

  /** The same, compared weakly. */
  boolean hasOneLike(Collection<EntityTag> current) {
    return any ? !current.isEmpty() : current.stream().anyMatch(c -> has(c, false));
  }

  private boolean has(EntityTag current, boolean strongly) {
    return tags.stream().anyMatch(tag -> strongly ? tag.isSameAs(current) : tag.isLike(current));
  }

  private static void read(String name, String line, List<EntityTag> into) {
    int at = 0;
    while (at < line.length()) {
      boolean weak = line.startsWith("W/", at);
      int open = weak ? at + 2 : at;
      int close =
          open < line.length() && line.charAt(open) == '"' ? line.indexOf('"', open + 1) : -1;
      String opaque = close < 0 ? "" : line.substring(open + 1, close);
      int next = close < 0 ? -1 : afterComma(line, close + 1);
      if (next < 0 || !EntityTag.isOpaque(opaque)) {
        throw new IllegalArgumentException(
            name + ": " + line + " (expected: * or tags such as \"7\", \"8\")");
      }
      into.add(new EntityTag(opaque, weak));
      at = next;
    }
  }

  /** Where the next element begins; -1 when something else stands between. */
  private static int afterComma(String line, int from) {
    int at = from;
    boolean comma = false;
    while (at < line.length()
        && (line.charAt(at) == ' ' || line.charAt(at) == '\t' || line.charAt(at) == ',')) {
      comma |= line.charAt(at) == ',';
      at++;
    }
    return comma || at == line.length() ? at : -1;
  }
}
