package io.anywire.codegen;

import java.util.ArrayList;
import java.util.List;

/** Turns a comment of a contract into Javadoc that says the same, whatever characters it holds. */
final class Javadoc {
  private Javadoc() {}

  /**
   * Returns a Javadoc comment, each line with its line end.
   *
   * @param indent what every line begins with
   * @param comment plain text as protoc gives it; empty lines part paragraphs
   * @param html further paragraphs, already HTML
   */
  static String of(String indent, String comment, String... html) {
    List<String> lines = new ArrayList<>();
    if (!comment.isBlank()) {
      comment.strip().lines().forEach(line -> lines.add(escape(line.strip())));
    }
    for (String paragraph : html) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.addAll(List.of(paragraph.split("\n")));
    }
    return format(indent, lines);
  }

  private static String format(String indent, List<String> lines) {
    if (lines.size() == 1) {
      return indent + "/** " + lines.get(0) + " */\n";
    }
    StringBuilder text = new StringBuilder(indent).append("/**\n");
    boolean paragraph = false;
    for (String line : lines) {
      String start = paragraph && !line.isEmpty() ? " * <p>" : line.isEmpty() ? " *" : " * ";
      text.append(indent).append(start).append(line).append('\n');
      paragraph = line.isEmpty();
    }
    return text.append(indent).append(" */\n").toString();
  }

  private static String escape(String line) {
    return line.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("@", "&#64;")
        .replace("{", "&#123;")
        .replace("}", "&#125;")
        .replace("*/", "*&#47;")
        .replace("/*", "/&#42;")
        .replace("\\", "&#92;");
  }
}
