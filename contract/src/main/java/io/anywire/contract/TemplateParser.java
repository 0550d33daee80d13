package io.anywire.contract;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.ArrayList;
import java.util.List;

/**
 * A recursive-descent parser of http.proto's path templates:
 *
 * <pre>
 * Template  = "/" Segments [ Verb ] ;
 * Segments  = Segment { "/" Segment } ;
 * Segment   = "*" | "**" | LITERAL | Variable ;
 * Variable  = "{" FieldPath [ "=" Segments ] "}" ;
 * FieldPath = IDENT { "." IDENT } ;
 * Verb      = ":" LITERAL ;
 * </pre>
 *
 * and, beyond the grammar, {@code "/"} alone for the root. Not thread-safe; for one template.
 */
final class TemplateParser {
  private static final String ENDS_LITERAL = "/{}*=:?#";

  private final Descriptor type;
  private final String text;
  private final List<Segment> segments = new ArrayList<>();
  private final List<PathVariable> variables = new ArrayList<>();
  private int position;

  TemplateParser(Descriptor type, String text) {
    this.type = type;
    this.text = text;
  }

  PathTemplate parse() {
    expect('/', "\"/\" at the start");
    if (position < text.length()) {
      segments(false);
    }
    String verb = "";
    if (peek() == ':') {
      position++;
      verb = literal("a verb");
    }
    if (position < text.length()) {
      throw error(position, "\"/\", \":verb\" or the end");
    }
    return new PathTemplate(text, segments, variables, verb);
  }

  private void segments(boolean inVariable) {
    segment(inVariable);
    while (peek() == '/') {
      if (segments.get(segments.size() - 1) instanceof Segment.Rest) {
        throw error(position, "nothing but a verb after \"**\"");
      }
      position++;
      segment(inVariable);
    }
  }

  private void segment(boolean inVariable) {
    switch (peek()) {
      case '*' -> wildcard();
      case '{' -> {
        if (inVariable) {
          throw error(position, "no variable inside a variable");
        }
        variable();
      }
      default -> segments.add(new Segment.Literal(literal("a literal, \"*\", \"**\" or \"{\"")));
    }
  }

  private void wildcard() {
    position++;
    if (peek() == '*') {
      position++;
      segments.add(new Segment.Rest());
    } else {
      segments.add(new Segment.One());
    }
  }

  private void variable() {
    int start = ++position;
    while (position < text.length() && "=}/{".indexOf(text.charAt(position)) < 0) {
      position++;
    }
    FieldPath field = field(start, text.substring(start, position));
    int first = segments.size();
    if (peek() == '=') {
      position++;
      segments(true);
    } else {
      segments.add(new Segment.One());
    }
    expect('}', "\"}\"");
    List<Segment> pattern = List.copyOf(segments.subList(first, segments.size()));
    variables.add(new PathVariable(field, first, pattern));
  }

  private FieldPath field(int start, String name) {
    FieldPath field;
    try {
      field = FieldPath.of(type, name).requireSingleText();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where(start) + e.getMessage(), e);
    }
    if (variables.stream().anyMatch(variable -> variable.field().equals(field))) {
      throw error(start, "every variable once");
    }
    return field;
  }

  private String literal(String wanted) {
    int start = position;
    while (position < text.length() && isLiteral(text.charAt(position))) {
      position++;
    }
    if (start == position) {
      throw error(position, wanted);
    }
    String raw = text.substring(start, position);
    if (!PercentCoding.isWellFormed(raw)) {
      throw error(start, "well-formed percent-encoding");
    }
    return PercentCoding.decode(raw, 0, raw.length(), false);
  }

  private static boolean isLiteral(char c) {
    return c > ' ' && c != 127 && ENDS_LITERAL.indexOf(c) < 0;
  }

  private char peek() {
    return position < text.length() ? text.charAt(position) : 0;
  }

  private void expect(char wanted, String name) {
    if (peek() != wanted) {
      throw error(position, name);
    }
    position++;
  }

  private IllegalArgumentException error(int at, String wanted) {
    String got = at < text.length() ? "\"" + text.substring(at) + "\"" : "the end";
    return new IllegalArgumentException(where(at) + got + " (expected: " + wanted + ")");
  }

  private String where(int at) {
    return "\"" + text + "\" at position " + at + ": ";
  }
}
