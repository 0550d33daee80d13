package io.anywire.xml;

import static javax.xml.stream.XMLStreamConstants.CDATA;
import static javax.xml.stream.XMLStreamConstants.CHARACTERS;
import static javax.xml.stream.XMLStreamConstants.COMMENT;
import static javax.xml.stream.XMLStreamConstants.DTD;
import static javax.xml.stream.XMLStreamConstants.END_DOCUMENT;
import static javax.xml.stream.XMLStreamConstants.END_ELEMENT;
import static javax.xml.stream.XMLStreamConstants.PROCESSING_INSTRUCTION;
import static javax.xml.stream.XMLStreamConstants.SPACE;
import static javax.xml.stream.XMLStreamConstants.START_ELEMENT;

import io.anywire.codec.ElementNames;
import io.anywire.codec.Place;
import io.anywire.codec.Text;
import java.util.Set;
import javax.xml.stream.Location;
import javax.xml.stream.XMLStreamException;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * An XML document being read: its elements, and rejections that name the place. Confined to one
 * call.
 */
final class XmlInput implements Place {
  private static final Set<String> ENCODINGS =
      Set.of("UTF-8", "UTF-16", "UTF-16BE", "UTF-16LE", "US-ASCII");

  final XmlPath path = new XmlPath();
  private final XMLStreamReader2 parser;
  private final boolean ignoreUnknown;
  private String token = "nothing";

  /** Where the element begins that was entered last. */
  private @Nullable Location place;

  XmlInput(XMLStreamReader2 parser, boolean ignoreUnknown) {
    this.parser = parser;
    this.ignoreUnknown = ignoreUnknown;
  }

  /** Goes to the root element. */
  void start() throws XMLStreamException {
    String version = parser.getVersion();
    if (version != null && !version.equals("1.0")) {
      throw reject("XML " + Text.shortened(version) + " (expected: 1.0)");
    }
    // The parser has read the declaration, and nothing behind it.
    String encoding = parser.getEncoding();
    if (encoding != null && !ENCODINGS.contains(encoding)) {
      throw reject("encoding " + Text.shortened(encoding) + " (expected: UTF-8 or UTF-16)");
    }
    if (!next()) {
      throw reject("no element (expected: one)");
    }
  }

  /** Enters the next element inside the present one; false at the end of that. */
  boolean next() throws XMLStreamException {
    while (true) {
      switch (parser.next()) {
        case START_ELEMENT -> {
          place = parser.getLocationInfo().getStartLocation();
          requireNoNamespace();
          return true;
        }
        case END_ELEMENT, END_DOCUMENT -> {
          return false;
        }
        case COMMENT, PROCESSING_INSTRUCTION, SPACE -> {}
        case CHARACTERS, CDATA -> requireWhitespace();
        default -> throw misplaced();
      }
    }
  }

  /** The name that the element stands for. */
  String name() {
    return ElementNames.decode(parser.getLocalName());
  }

  Marks marks() {
    return Marks.read(parser, this, ignoreUnknown);
  }

  /** The text of the element, which may have nothing else, up to its end. */
  String text() throws XMLStreamException {
    String first = "";
    StringBuilder more = null;
    while (true) {
      switch (parser.next()) {
        case END_ELEMENT -> {
          token = more == null ? first : more.toString();
          return token;
        }
        case CHARACTERS, CDATA, SPACE -> {
          if (first.isEmpty()) {
            first = parser.getText();
          } else {
            more = (more == null ? new StringBuilder(first) : more).append(parser.getText());
          }
        }
        case COMMENT, PROCESSING_INSTRUCTION -> {}
        case START_ELEMENT -> throw reject("element " + Text.quoted(name()) + " (expected: text)");
        default -> throw misplaced();
      }
    }
  }

  /** What a rejection shows. */
  void token(String text) {
    token = text;
  }

  /** Leaves the element out, with all that is in it. */
  void skip() throws XMLStreamException {
    for (int depth = 1; depth > 0; ) {
      switch (parser.next()) {
        case START_ELEMENT -> depth++;
        case END_ELEMENT -> depth--;
        default -> {}
      }
    }
  }

  /** Nothing may follow the root element but comments. */
  void end() throws XMLStreamException {
    if (next()) {
      throw reject("a second element (expected: one)");
    }
  }

  @Override
  public XmlException reject(String description) {
    Location at = place == null ? parser.getLocation() : place;
    return reject(description, at);
  }

  @Override
  public XmlException rejectToken(String expected) {
    return reject(Text.quoted(token) + " (expected: " + expected + ")");
  }

  /** What the parser itself found wrong. */
  XmlException reject(XMLStreamException e) {
    return reject(fault(e), e.getLocation() == null ? parser.getLocation() : e.getLocation());
  }

  /** What the parser found wrong with the first bytes, before there was anything to read. */
  static XmlException unreadable(XMLStreamException e) {
    return new XmlException("", fault(e), 1, 1);
  }

  /** Without the place, which the parser puts behind its text. */
  private static String fault(XMLStreamException e) {
    String text = String.valueOf(e.getMessage());
    int place = text.indexOf("\n at [row,col");
    return "malformed XML: " + (place < 0 ? text : text.substring(0, place));
  }

  private XmlException reject(String description, Location at) {
    return new XmlException(
        path.toString(),
        description,
        Math.max(1, at.getLineNumber()),
        Math.max(1, at.getColumnNumber()));
  }

  private XmlException misplaced() {
    String what = parser.getEventType() == DTD ? "a document type" : "an entity reference";
    return reject(what + " (expected: elements and text)", start(parser));
  }

  private void requireNoNamespace() {
    String namespace = parser.getNamespaceURI();
    if (namespace != null && !namespace.isEmpty()) {
      throw reject("namespace " + Text.quoted(namespace) + " (expected: none)");
    }
  }

  private void requireWhitespace() {
    if (!parser.isWhiteSpace()) {
      throw reject(Text.quoted(parser.getText()) + " (expected: elements)", start(parser));
    }
  }

  private static Location start(XMLStreamReader2 parser) {
    return parser.getLocationInfo().getStartLocation();
  }
}
