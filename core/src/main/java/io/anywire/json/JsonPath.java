package io.anywire.json;

import com.fasterxml.jackson.core.JsonStreamContext;
import io.anywire.codec.Text;

/** Where a parser or generator stands, as a dotted path. Made only when something is rejected. */
final class JsonPath {
  private JsonPath() {}

  static String of(JsonStreamContext context) {
    StringBuilder path = new StringBuilder();
    append(context, path);
    return path.toString();
  }

  private static void append(JsonStreamContext context, StringBuilder path) {
    if (context.inRoot()) {
      return;
    }
    append(context.getParent(), path);
    if (context.inArray()) {
      path.append('[').append(context.getCurrentIndex()).append(']');
      return;
    }
    String name = context.getCurrentName();
    if (name == null) {
      return;
    }
    if (!Text.isIdentifier(name)) {
      path.append("[\"").append(Text.shortened(name)).append("\"]");
      return;
    }
    if (!path.isEmpty()) {
      path.append('.');
    }
    path.append(name);
  }
}
