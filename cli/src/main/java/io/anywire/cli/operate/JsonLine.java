package io.anywire.cli.operate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/** A JSON object in one line. Not thread-safe. */
final class JsonLine {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final StringWriter text = new StringWriter();
  private final JsonGenerator out;

  /** What is written of one field. */
  private interface Field {
    void write() throws IOException;
  }

  JsonLine() {
    try {
      out = FACTORY.createGenerator(text);
      out.writeStartObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A JSON value without line breaks and the like; empty for what is none. */
  static Optional<String> compact(byte[] json) {
    StringWriter text = new StringWriter();
    try (JsonParser in = FACTORY.createParser(json);
        JsonGenerator out = FACTORY.createGenerator(text)) {
      if (in.nextToken() == null) {
        return Optional.empty();
      }
      out.copyCurrentStructureExact(in);
      if (in.nextToken() != null) {
        return Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.of(text.toString());
  }

  JsonLine put(String name, String value) {
    return add(() -> out.writeStringField(name, value));
  }

  JsonLine put(String name, long value) {
    return add(() -> out.writeNumberField(name, value));
  }

  JsonLine put(String name, boolean value) {
    return add(() -> out.writeBooleanField(name, value));
  }

  /** A list of objects. */
  <T> JsonLine putAll(String name, Iterable<T> values, Function<T, JsonLine> object) {
    return add(() -> {
      out.writeArrayFieldStart(name);
      for (T value : values) {
        out.writeRawValue(object.apply(value).toString());
      }
      out.writeEndArray();
    });
  }

  /** Null where it is not known. */
  JsonLine put(String name, OptionalLong value) {
    return value.isPresent() ? put(name, value.getAsLong()) : add(() -> out.writeNullField(name));
  }

  /** An object of texts, in order of their names. */
  JsonLine put(String name, Map<String, String> values) {
    return add(() -> {
      out.writeObjectFieldStart(name);
      for (Map.Entry<String, String> value : new TreeMap<>(values).entrySet()) {
        out.writeStringField(value.getKey(), value.getValue());
      }
      out.writeEndObject();
    });
  }

  /** What is JSON already. */
  JsonLine putJson(String name, String json) {
    return add(() -> {
      out.writeFieldName(name);
      out.writeRawValue(json);
    });
  }

  /** A list of texts. */
  JsonLine put(String name, Iterable<String> values) {
    return add(() -> {
      out.writeArrayFieldStart(name);
      for (String value : values) {
        out.writeString(value);
      }
      out.writeEndArray();
    });
  }

  /** Ends it. */
  @Override
  public String toString() {
    try {
      out.close();
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonLine add(Field field) {
    try {
      field.write();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
