package io.anywire.xml;

import io.anywire.codec.Text;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one element. Immutable.
 *
 * @param key the key of a map's entry
 * @param type the type URL of what an Any holds
 * @param escaped whether key, type and text are written with backslashes
 * @param nil whether the field is not set
 */
record Marks(@Nullable String key, @Nullable String type, boolean escaped, boolean nil) {
  static final String KEY = "key";
  static final String TYPE = "type";
  static final String ESCAPED = "escaped";
  static final String NIL = "nil";

  static final Marks NONE = new Marks(null, null, false, false);

  /** Reads those of the element at which the parser stands. */
  static Marks read(XMLStreamReader parser, XmlInput in, boolean ignoreUnknown) {
    int count = parser.getAttributeCount();
    if (count == 0) {
      return NONE;
    }
    String key = null;
    String type = null;
    boolean escaped = false;
    boolean nil = false;
    for (int i = 0; i < count; i++) {
      String value = parser.getAttributeValue(i);
      switch (name(parser, i)) {
        case KEY -> key = value;
        case TYPE -> type = value;
        case ESCAPED -> escaped = flag(value, in);
        case NIL -> nil = flag(value, in);
        default -> unknown(parser.getAttributeLocalName(i), in, ignoreUnknown);
      }
    }
    return new Marks(plain(key, escaped, in), plain(type, escaped, in), escaped, nil);
  }

  /** What is left for the value of an entry. */
  Marks withoutKey() {
    return new Marks(null, type, escaped, nil);
  }

  /** The text as it was before it was escaped. */
  String plain(String text, XmlInput in) {
    return escaped ? unescape(text, in) : text;
  }

  /** An attribute's name; that of another namespace than ours is unknown, but for xsi:nil. */
  private static String name(XMLStreamReader parser, int i) {
    String namespace = parser.getAttributeNamespace(i);
    String name = parser.getAttributeLocalName(i);
    boolean ours =
        namespace == null
            || namespace.isEmpty()
            || (namespace.equals(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI) && name.equals(NIL));
    return ours ? name : "";
  }

  private static void unknown(String name, XmlInput in, boolean ignore) {
    if (!ignore) {
      throw in.reject(
          "unknown attribute " + Text.quoted(name) + " (expected: key, type, escaped or nil)");
    }
  }

  private static boolean flag(String value, XmlInput in) {
    return switch (value) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw in.reject(Text.quoted(value) + " (expected: true or false)");
    };
  }

  private static @Nullable String plain(@Nullable String text, boolean escaped, XmlInput in) {
    return text != null && escaped ? unescape(text, in) : text;
  }

  private static String unescape(String text, XmlInput in) {
    String plain = XmlEscapes.unescape(text);
    if (plain == null) {
      throw in.reject(
          Text.quoted(text) + " (expected: each backslash before another, or before u0000)");
    }
    return plain;
  }
}
