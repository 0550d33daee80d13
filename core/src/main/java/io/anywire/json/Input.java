package io.anywire.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import io.anywire.codec.Place;
import io.anywire.codec.ScalarText;
import io.anywire.codec.Text;
import java.io.IOException;
import java.util.regex.Pattern;

/** A JSON text being read: its tokens, and rejections that name the place. Confined to one call. */
final class Input implements Place {
  /** What the parser tells programmers, and callers cannot follow. */
  private static final Pattern ADVICE =
      Pattern.compile(
          "( \\(start marker|: enable `|: JSON spec|: maybe a| \\(`Stream|, from `Stream).*");

  final JsonParser tokens;
  private final JsonFactory factory;
  private final byte[] json;
  private final int start;

  /** Opens a text that is UTF-8, with or without a byte order mark. */
  Input(JsonFactory factory, byte[] json) throws IOException {
    this.factory = factory;
    this.json = json;
    boolean mark =
        json.length > 2
            && json[0] == (byte) 0xEF
            && json[1] == (byte) 0xBB
            && json[2] == (byte) 0xBF;
    start = mark ? 3 : 0;
    // The parser would guess UTF-16 and UTF-32 from zero bytes and from their marks.
    for (int i = start; i < Math.min(json.length, start + 4); i++) {
      if (json[i] == 0 || json[i] == (byte) 0xFE || json[i] == (byte) 0xFF) {
        throw new JsonException("", "text in another encoding (expected: UTF-8)", 1, i + 1);
      }
    }
    tokens = factory.createParser(json, start, json.length - start);
  }

  /** Enters an object and goes to its first member. */
  void startObject() throws IOException {
    if (tokens.currentToken() != JsonToken.START_OBJECT) {
      throw rejectToken("an object");
    }
    tokens.nextToken();
  }

  /** From a member's name to the end of its value. */
  void skipValue() throws IOException {
    tokens.nextToken();
    tokens.skipChildren();
  }

  void end() throws IOException {
    if (tokens.nextToken() != null) {
      throw rejectToken("nothing after the value");
    }
  }

  /** Where the current token begins. */
  int offset() {
    return start + (int) tokens.currentTokenLocation().getByteOffset();
  }

  /** A second look at what follows an offset, for a member that ought to have come first. */
  JsonParser lookAhead(int offset) throws IOException {
    return factory.createParser(json, offset, json.length - offset);
  }

  /** The text of a string, which has to have a UTF-8 form. */
  String string() throws IOException {
    if (tokens.currentToken() != JsonToken.VALUE_STRING) {
      throw rejectToken("a string");
    }
    return ScalarText.wellFormed(tokens.getText(), this);
  }

  @Override
  public JsonException rejectToken(String expected) throws IOException {
    return reject(got() + " (expected: " + expected + ")");
  }

  /** A fault of the value or member at which the parser stands. */
  @Override
  public JsonException reject(String description) {
    JsonToken token = tokens.currentToken();
    boolean opened = token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY;
    return opened
        ? rejectEnclosing(description)
        : reject(tokens.getParsingContext(), description, tokens.currentTokenLocation());
  }

  /** A fault of the object or array that the parser is in. */
  JsonException rejectEnclosing(String description) {
    JsonStreamContext outer = tokens.getParsingContext().getParent();
    return reject(
        outer == null ? tokens.getParsingContext() : outer,
        description,
        tokens.currentTokenLocation());
  }

  /** What the JSON parser itself found wrong. */
  JsonException reject(JsonProcessingException e) {
    JsonLocation place = e.getLocation() == null ? tokens.currentLocation() : e.getLocation();
    String fault = ADVICE.matcher(e.getOriginalMessage()).replaceFirst("");
    return reject(tokens.getParsingContext(), "malformed JSON: " + fault, place);
  }

  private static JsonException reject(
      JsonStreamContext context, String description, JsonLocation place) {
    return new JsonException(
        JsonPath.of(context),
        description,
        Math.max(1, place.getLineNr()),
        Math.max(1, place.getColumnNr()));
  }

  private String got() throws IOException {
    JsonToken token = tokens.currentToken();
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case FIELD_NAME -> "key " + Text.quoted(tokens.getText());
      case VALUE_STRING -> Text.quoted(tokens.getText());
      default -> Text.shortened(tokens.getText());
    };
  }
}
