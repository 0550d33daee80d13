package io.anywire.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.anywire.codec.MessagePlan;
import io.anywire.codec.TypeUrls;
import io.anywire.codec.WellKnownText;
import io.anywire.codec.WellKnownType;
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
      case TIMESTAMP, DURATION, FIELD_MASK ->
          writer.out.writeString(WellKnownText.format(plan, message, writer::reject));
      case STRUCT -> writer.map(plan.byNumber(1), list(plan, message));
      case LIST_VALUE -> writer.list(plan.byNumber(1), list(plan, message));
      case VALUE -> value(plan, message);
      case WRAPPER -> writer.value(plan.byNumber(1), plan.get(message, 1));
      case NONE -> throw new IllegalStateException("a plain message (expected: a well-known type)");
    }
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
    String url = (String) plan.get(message, 1);
    ByteString bytes = (ByteString) plan.get(message, 2);
    writer.out.writeStartObject();
    if (!url.isEmpty() || !bytes.isEmpty()) {
      content(url, bytes);
    }
    writer.out.writeEndObject();
  }

  private void content(String url, ByteString bytes) throws IOException {
    Descriptor type = writer.types.require(url, writer::reject);
    MessagePlan plan = writer.plans.of(type);
    Message content = TypeUrls.unpack(type, bytes, writer::reject);
    writer.out.writeStringField("@type", url);
    if (plan.wellKnown == WellKnownType.NONE) {
      writer.fields(plan, content);
    } else {
      writer.out.writeFieldName("value");
      writer.message(plan, content);
    }
  }

  private static List<?> list(MessagePlan plan, Message message) {
    return (List<?>) plan.get(message, 1);
  }
}
