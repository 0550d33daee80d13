package io.anywire.json;

import io.anywire.codec.CodecException;

/**
 * JSON that does not fit its message, or a message that has no JSON form. Columns are counted in
 * bytes.
 */
public final class JsonException extends CodecException {
  private static final long serialVersionUID = 1L;

  JsonException(String path, String description, int line, int column) {
    super(path, description, line, column);
  }
}
