package io.anywire.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.util.List;

/**
 * Writes the messages that have a JSON form of their own, generated ones and dynamic ones alike.
 * Confined to one call.
 */
final class WellKnownWriter {
  private final MessageWriter writer;

  WellKnownWriter(MessageWriter writer) {
    this.writer = writer;
  }

  void write(MessagePlan plan, Message message) throws IOException {
    switch (plan.wellKnown) {
      case ANY -> any(plan, message);
      case TIMESTAMP -> timestamp(plan, message);
      case DURATION -> duration(plan, message);
      case FIELD_MASK -> fieldMask(plan, message);
      case STRUCT -> writer.map(plan.byNumber(1), list(plan, message));
      case LIST_VALUE -> writer.list(plan.byNumber(1), list(plan, message));
      case VALUE -> value(plan, message);
      case WRAPPER -> writer.value(plan.byNumber(1), get(plan, message, 1));
      case NONE -> throw new IllegalStateException("a plain message (expected: a well-known type)");
    }
  }

  private void timestamp(MessagePlan plan, Message message) throws IOException {
    long seconds = message instanceof Timestamp t ? t.getSeconds() : (long) get(plan, message, 1);
    int nanos = message instanceof Timestamp t ? t.getNanos() : (int) get(plan, message, 2);
    if (!TimestampText.isValid(seconds, nanos)) {
      throw writer.reject(
          "timestamp of %d s and %d ns (expected: year 1 to 9999, 0 to 999999999 ns)"
              .formatted(seconds, nanos));
    }
    writer.out.writeString(TimestampText.format(seconds, nanos));
  }

  private void duration(MessagePlan plan, Message message) throws IOException {
    long seconds = (long) get(plan, message, 1);
    int nanos = (int) get(plan, message, 2);
    if (!DurationText.isValid(seconds, nanos)) {
      throw writer.reject(
          "duration of %d s and %d ns (expected: at most 315576000000 s, both of one sign)"
              .formatted(seconds, nanos));
    }
    writer.out.writeString(DurationText.format(seconds, nanos));
  }

  private void fieldMask(MessagePlan plan, Message message) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Object path : list(plan, message)) {
      String name = (String) path;
      if (name.isEmpty()) {
        continue;
      }
      if (!FieldMaskText.hasJsonForm(name)) {
        throw writer.reject(
            "path " + Text.quoted(name) + " (expected: lower_snake_case that survives JSON)");
      }
      text.append(text.isEmpty() ? "" : ",").append(FieldMaskText.toJson(name));
    }
    writer.out.writeString(text.toString());
  }

  private void value(MessagePlan plan, Message message) throws IOException {
    FieldDescriptor kind = message.getOneofFieldDescriptor(plan.type.getOneofs().get(0));
    if (kind == null) {
      writer.out.writeNull();
      return;
    }
    Object value = message.getField(kind);
    if (value instanceof Double number && !Double.isFinite(number)) {
      throw writer.reject("Value of " + number + " (expected: a finite number)");
    }
    writer.value(plan.byNumber(kind.getNumber()), value);
  }

  private void any(MessagePlan plan, Message message) throws IOException {
    String url = (String) get(plan, message, 1);
    ByteString bytes = (ByteString) get(plan, message, 2);
    writer.out.writeStartObject();
    if (!url.isEmpty() || !bytes.isEmpty()) {
      content(url, bytes);
    }
    writer.out.writeEndObject();
  }

  private void content(String url, ByteString bytes) throws IOException {
    Descriptor type = writer.types.find(url);
    if (type == null) {
      throw writer.reject("type URL " + Text.quoted(url) + " (expected: a known message type)");
    }
    MessagePlan plan = writer.plans.of(type);
    Message content = parse(type, bytes);
    writer.out.writeStringField("@type", url);
    if (plan.wellKnown == WellKnownType.NONE) {
      writer.fields(plan, content);
    } else {
      writer.out.writeFieldName("value");
      writer.message(plan, content);
    }
  }

  private Message parse(Descriptor type, ByteString bytes) {
    try {
      return DynamicMessage.parseFrom(type, bytes);
    } catch (InvalidProtocolBufferException e) {
      throw writer.reject("undecodable bytes in an Any (expected: " + type.getFullName() + ")");
    }
  }

  private static Object get(MessagePlan plan, Message message, int number) {
    return message.getField(plan.byNumber(number).field);
  }

  private static List<?> list(MessagePlan plan, Message message) {
    return (List<?>) get(plan, message, 1);
  }
}
