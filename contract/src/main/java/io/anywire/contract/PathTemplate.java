package io.anywire.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A path template of {@code google.api.http}, bound to the fields of a message type: {@code
 * /v1/{name=messages/*}:archive}. {@code "/"} alone is the root.
 *
 * <p>Immutable and thread-safe.
 */
public final class PathTemplate {
  private final String text;
  private final List<Segment> segments;
  private final List<PathVariable> variables;
  private final List<FieldPath> fields;
  private final String verb;

  PathTemplate(String text, List<Segment> segments, List<PathVariable> variables, String verb) {
    this.text = text;
    this.segments = List.copyOf(segments);
    this.variables = List.copyOf(variables);
    this.fields = variables.stream().map(PathVariable::field).toList();
    this.verb = verb;
  }

  /**
   * Parses a template whose variables are fields of the type.
   *
   * @throws IllegalArgumentException with the position, what was got and what was wanted: for a
   *     breach of the grammar, an unknown field, or a field that is repeated or has no text form
   */
  public static PathTemplate of(Descriptor type, String template) {
    return new TemplateParser(type, template).parse();
  }

  /** The fields that the path binds, from left to right. */
  public List<FieldPath> variables() {
    return fields;
  }

  /** The custom verb behind the colon, decoded; empty where there is none. */
  public String verb() {
    return verb;
  }

  /** Whether {@link #expand} can work: every wildcard is inside a variable. */
  public boolean isExpandable() {
    long bound = variables.stream().mapToLong(variable -> variable.pattern().size()).sum();
    long wild = segments.stream().filter(segment -> !(segment instanceof Segment.Literal)).count();
    long literalsInside =
        variables.stream()
            .flatMap(variable -> variable.pattern().stream())
            .filter(Segment.Literal.class::isInstance)
            .count();
    return wild == bound - literalsInside;
  }

  /**
   * The path of a message, percent-encoded: a variable of one segment but for {@code
   * [-_.~0-9a-zA-Z]}, one of several also but for the slash.
   *
   * @throws IllegalArgumentException when a variable's value is empty, does not fit its pattern or
   *     holds a dot segment, or when there is a wildcard outside variables
   */
  public String expand(Message message) {
    StringBuilder path = new StringBuilder(text.length() + 32);
    int next = 0;
    for (PathVariable variable : variables) {
      appendPlain(path, next, variable.first());
      variable.expand(path.append('/'), variable.field().read(message));
      next = variable.end();
    }
    appendPlain(path, next, segments.size());
    if (path.isEmpty()) {
      path.append('/');
    }
    if (!verb.isEmpty()) {
      PercentCoding.encode(path.append(':'), verb, false);
    }
    return path.toString();
  }

  /** Whether both match the same paths, whatever their variables are called. */
  public boolean isLike(PathTemplate other) {
    return segments.equals(other.segments) && verb.equals(other.verb);
  }

  /** Same text; the type that it is bound to does not count. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PathTemplate template
        && text.equals(template.text)
        && fields.equals(template.fields);
  }

  /** Consistent with {@link #equals}. */
  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The template as it was written. */
  @Override
  public String toString() {
    return text;
  }

  List<Segment> segments() {
    return segments;
  }

  /**
   * The decoded variables of a well-formed path that this template matches.
   *
   * @param end where the path ends, or its custom verb begins
   */
  Map<FieldPath, String> capture(String path, int end) {
    return switch (variables.size()) {
      case 0 -> Map.of();
      case 1 -> Map.of(fields.get(0), value(variables.get(0), path, end));
      default -> {
        Map<FieldPath, String> values = new LinkedHashMap<>();
        for (PathVariable variable : variables) {
          values.put(variable.field(), value(variable, path, end));
        }
        yield values;
      }
    };
  }

  private static String value(PathVariable variable, String path, int end) {
    int from = skip(path, 0, variable.first(), end) + 1;
    int to = variable.hasRest() ? end : skip(path, 0, variable.end(), end);
    // "**" may stand for no segment at all: then there is not even the slash before it.
    return from >= to ? "" : PercentCoding.decode(path, from, to, variable.isMultiSegment());
  }

  /** The slash that begins the segment of that index, or the end. */
  private static int skip(String path, int slash, int segments, int end) {
    int position = slash;
    for (int i = 0; i < segments && position < end; i++) {
      int next = path.indexOf('/', position + 1);
      position = next < 0 || next > end ? end : next;
    }
    return position;
  }

  private void appendPlain(StringBuilder path, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!(segments.get(i) instanceof Segment.Literal literal)) {
        throw new IllegalArgumentException(
            text + ": a wildcard outside variables (expected: none, to build a path)");
      }
      PercentCoding.encode(path.append('/'), literal.text(), false);
    }
  }
}
