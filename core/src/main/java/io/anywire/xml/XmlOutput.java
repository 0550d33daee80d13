package io.anywire.xml;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Writes tags, attributes and text in UTF-8, well-formed as long as it is called in order. */
final class XmlOutput {
  private static final int CAPACITY = 4096;

  /** The most bytes that one character becomes: a reference for a quotation mark. */
  private static final int LONGEST_UNIT = 6;

  private final OutputStream out;
  private final byte[] buffer = new byte[CAPACITY];
  private int size;

  /** Whether the tag that was started last may still get attributes. */
  private boolean tagOpen;

  XmlOutput(OutputStream out) {
    this.out = out;
  }

  void start(byte[] name) throws IOException {
    closeTag();
    put('<');
    put(name);
    tagOpen = true;
  }

  /** Adds an attribute to the tag just started; the name is one that needs no escapes. */
  void attribute(String name, String value) throws IOException {
    put(' ');
    put(name.getBytes(US_ASCII));
    put('=');
    put('"');
    escaped(value, true);
    put('"');
  }

  void text(String text) throws IOException {
    if (!text.isEmpty()) {
      closeTag();
      escaped(text, false);
    }
  }

  /** Ends the innermost element, whose name that is. */
  void end(byte[] name) throws IOException {
    if (tagOpen) {
      tagOpen = false;
      put('/');
    } else {
      put('<');
      put('/');
      put(name);
    }
    put('>');
  }

  void flush() throws IOException {
    out.write(buffer, 0, size);
    size = 0;
  }

  private void closeTag() throws IOException {
    if (tagOpen) {
      tagOpen = false;
      put('>');
    }
  }

  private void escaped(String text, boolean attribute) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      if (size > CAPACITY - LONGEST_UNIT) {
        flush();
      }
      char c = text.charAt(i);
      String reference = c < 64 ? reference(c, attribute) : null;
      if (reference != null) {
        put(reference.getBytes(US_ASCII));
      } else if (c < 0x80) {
        buffer[size++] = (byte) c;
      } else if (Character.isHighSurrogate(c)) {
        utf8(Character.toCodePoint(c, text.charAt(++i)));
      } else {
        utf8(c);
      }
    }
  }

  /**
   * Markup, what a parser would make another character of (XML 1.0, sections 2.11 and 3.3.3), and
   * {@code >}, which must not end {@code ]]>}.
   */
  private static @Nullable String reference(char c, boolean attribute) {
    return switch (c) {
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '&' -> "&amp;";
      case '\r' -> "&#13;";
      case '"' -> attribute ? "&quot;" : null;
      case '\t' -> attribute ? "&#9;" : null;
      case '\n' -> attribute ? "&#10;" : null;
      default -> null;
    };
  }

  private void utf8(int c) {
    if (c < 0x800) {
      buffer[size++] = (byte) (0xC0 | (c >> 6));
    } else if (c < 0x10000) {
      buffer[size++] = (byte) (0xE0 | (c >> 12));
      buffer[size++] = (byte) (0x80 | ((c >> 6) & 0x3F));
    } else {
      buffer[size++] = (byte) (0xF0 | (c >> 18));
      buffer[size++] = (byte) (0x80 | ((c >> 12) & 0x3F));
      buffer[size++] = (byte) (0x80 | ((c >> 6) & 0x3F));
    }
    buffer[size++] = (byte) (0x80 | (c & 0x3F));
  }

  private void put(char ascii) throws IOException {
    if (size == CAPACITY) {
      flush();
    }
    buffer[size++] = (byte) ascii;
  }

  private void put(byte[] bytes) throws IOException {
    if (bytes.length > CAPACITY - size) {
      flush();
    }
    if (bytes.length > CAPACITY) {
      out.write(bytes);
      return;
    }
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
  }
}
