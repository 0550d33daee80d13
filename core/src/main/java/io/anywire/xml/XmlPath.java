package io.anywire.xml;

import io.anywire.codec.Text;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Where a reader or writer stands, as a dotted path. Confined to one call. */
final class XmlPath {
  private static final int NO_INDEX = -1;

  private final Deque<Step> steps = new ArrayDeque<>();

  private record Step(String name, int index, @Nullable String key) {}

  void enter(String name) {
    steps.addLast(new Step(name, NO_INDEX, null));
  }

  void enterElement(String name, int index) {
    steps.addLast(new Step(name, index, null));
  }

  void enterEntry(String name, String key) {
    steps.addLast(new Step(name, NO_INDEX, key));
  }

  void leave() {
    steps.removeLast();
  }

  @Override
  public String toString() {
    StringBuilder path = new StringBuilder();
    for (Iterator<Step> each = steps.iterator(); each.hasNext(); ) {
      Step step = each.next();
      append(path, step.name());
      if (step.index() != NO_INDEX) {
        path.append('[').append(step.index()).append(']');
      }
      if (step.key() != null) {
        append(path, step.key());
      }
    }
    return path.toString();
  }

  private static void append(StringBuilder path, String name) {
    if (!Text.isIdentifier(name)) {
      path.append("[\"").append(Text.shortened(name)).append("\"]");
    } else {
      path.append(path.isEmpty() ? "" : ".").append(name);
    }
  }
}
