package io.anywire.http.rest;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.Status;
import io.anywire.call.Failures;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Protobuf's own form; errors are a {@code google.rpc.Status}. A single message alone is its bytes;
 * any other field alone is a message of its containing type with nothing else in it, since protobuf
 * has no form for less.
 */
final class ProtobufRepresentation implements Representation {
  private static final List<String> TYPES =
      List.of("application/x-protobuf", "application/protobuf", "application/vnd.google.protobuf");

  @Override
  public List<String> mediaTypes() {
    return TYPES;
  }

  @Override
  public String tagSuffix() {
    return "--protobuf";
  }

  @Override
  public void write(Message message, OutputStream out) {
    try {
      message.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void writeField(Message message, FieldDescriptor field, OutputStream out) {
    if (isSingleMessage(field)) {
      write((Message) message.getField(field), out);
      return;
    }
    Message.Builder alone = message.newBuilderForType();
    alone.setField(field, message.getField(field));
    write(alone.buildPartial(), out);
  }

  @Override
  public void merge(byte[] body, Message.Builder into) {
    try {
      into.mergeFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw Failures.invalidField("", "malformed protobuf: " + e.getMessage());
    }
  }

  @Override
  public void mergeField(byte[] body, Message.Builder into, FieldDescriptor field) {
    if (isSingleMessage(field)) {
      merge(body, into.getFieldBuilder(field));
      return;
    }
    Message.Builder alone = into.getDefaultInstanceForType().newBuilderForType();
    merge(body, alone);
    for (FieldDescriptor other : alone.getAllFields().keySet()) {
      if (!other.equals(field)) {
        throw Failures.invalidField(
            other.getName(), "set (expected: nothing but " + field.getName() + ")");
      }
    }
    into.mergeFrom(alone.buildPartial());
  }

  /** Of a body that writes a default value, as encoders do not, nothing is seen. */
  @Override
  public Set<String> paths(byte[] body, Descriptor type) {
    try {
      Set<String> paths = new LinkedHashSet<>();
      collect(DynamicMessage.parseFrom(type, body), "", paths);
      return paths;
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String problemType() {
    return TYPES.get(0);
  }

  @Override
  public byte[] problem(int httpStatus, Status status) {
    return status.toByteArray();
  }

  private static void collect(Message message, String prefix, Set<String> paths) {
    for (Map.Entry<FieldDescriptor, Object> set : message.getAllFields().entrySet()) {
      String path = prefix + set.getKey().getName();
      if (UpdateMask.isPlain(set.getKey())
          && set.getValue() instanceof Message inner
          && !inner.getAllFields().isEmpty()) {
        collect(inner, path + ".", paths);
      } else {
        paths.add(path);
      }
    }
  }

  private static boolean isSingleMessage(FieldDescriptor field) {
    return !field.isRepeated() && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
  }
}
