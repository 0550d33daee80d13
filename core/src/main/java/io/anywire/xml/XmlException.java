package io.anywire.xml;

import io.anywire.codec.CodecException;

/**
 * XML that does not fit its message, or a message that has no XML form. The place is where the
 * element starts; columns are counted in characters.
 */
public final class XmlException extends CodecException {
  private static final long serialVersionUID = 1L;

  XmlException(String path, String description, int line, int column) {
    super(path, description, line, column);
  }
}
