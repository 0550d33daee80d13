package io.anywire.http.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.rpc.Status;
import io.anywire.json.JsonCodec;
import io.anywire.json.JsonException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Canonical protobuf JSON, and problems of RFC 9457. */
record JsonRepresentation(JsonCodec codec) implements Representation {
  private static final JsonFactory JSON = new JsonFactory();
  private static final List<String> TYPES = List.of(MediaTypes.JSON);

  @Override
  public List<String> mediaTypes() {
    return TYPES;
  }

  @Override
  public String tagSuffix() {
    return "";
  }

  @Override
  public void write(Message message, OutputStream out) {
    codec.write(message, out);
  }

  @Override
  public void writeField(Message message, FieldDescriptor field, OutputStream out) {
    codec.writeField(message, field, out);
  }

  @Override
  public void merge(byte[] body, Message.Builder into) {
    try {
      codec.merge(body, into);
    } catch (JsonException e) {
      throw Representation.rejected("", e.path(), e.description(), e.line(), e.column());
    }
  }

  @Override
  public void mergeField(byte[] body, Message.Builder into, FieldDescriptor field) {
    try {
      codec.mergeField(body, into, field);
    } catch (JsonException e) {
      throw Representation.rejected(
          field.getName(), e.path(), e.description(), e.line(), e.column());
    }
  }

  @Override
  public Set<String> paths(byte[] body, Descriptor type) {
    Set<String> paths = new LinkedHashSet<>();
    try (JsonParser in = JSON.createParser(body)) {
      if (in.nextToken() == JsonToken.START_OBJECT) {
        in.nextToken();
        collect(in, type, "", paths);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return paths;
  }

  @Override
  public String problemType() {
    return Problem.MEDIA_TYPE;
  }

  @Override
  public byte[] problem(int httpStatus, Status status) {
    return Problem.bytes(httpStatus, status, codec);
  }

  /** Stands at an object's first member, or at its end. */
  private static void collect(JsonParser in, Descriptor type, String prefix, Set<String> paths)
      throws IOException {
    for (; in.currentToken() == JsonToken.FIELD_NAME; in.nextToken()) {
      FieldDescriptor field = UpdateMask.named(type, in.currentName());
      boolean object = in.nextToken() == JsonToken.START_OBJECT;
      if (field == null) {
        in.skipChildren();
      } else if (object && UpdateMask.isPlain(field) && in.nextToken() == JsonToken.FIELD_NAME) {
        collect(in, field.getMessageType(), prefix + field.getName() + ".", paths);
      } else {
        paths.add(prefix + field.getName());
        in.skipChildren();
      }
    }
  }
}
