package io.anywire.codec;

/**
 * A text that does not fit its message, or a message that has no such form. The message of the
 * exception names the place, what was got and what was expected, for example {@code items[2].price:
 * "abc" (expected: int32) at line 1, column 34}.
 */
public abstract class CodecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final String description;
  private final int line;
  private final int column;

  /** A fault at a place; line 0 for a message that was being written. */
  protected CodecException(String path, String description, int line, int column) {
    super(text(path, description, line, column));
    this.path = path;
    this.description = description;
    this.line = line;
    this.column = column;
  }

  /**
   * The field concerned, such as {@code items[2].price}, in the names that the text uses; a map key
   * that is no identifier is quoted: {@code labels["a.b"]}. Empty at the top level.
   */
  public final String path() {
    return path;
  }

  /** What was got and what was expected, without the place. */
  public final String description() {
    return description;
  }

  /** The line in the text, from 1; 0 when a message was being written. */
  public final int line() {
    return line;
  }

  /**
   * The column in that line, from 1, in bytes of JSON and characters of XML; 0 when a message was
   * being written.
   */
  public final int column() {
    return column;
  }

  private static String text(String path, String description, int line, int column) {
    String place = path.isEmpty() ? description : path + ": " + description;
    return line == 0 ? place : place + " at line " + line + ", column " + column;
  }
}
