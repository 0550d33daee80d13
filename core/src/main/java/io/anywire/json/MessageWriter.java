package io.anywire.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.anywire.codec.FieldPlan;
import io.anywire.codec.MessagePlan;
import io.anywire.codec.Plans;
import io.anywire.codec.ScalarText;
import io.anywire.codec.TypeUrls;
import io.anywire.codec.WellKnownType;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Writes messages to one generator, field by field as their plans say. Confined to one call. */
final class MessageWriter {
  final JsonGenerator out;
  final Plans plans;
  final TypeUrls types;
  private final boolean defaults;
  private final ScalarWriter scalars;
  private final WellKnownWriter wellKnown;

  MessageWriter(JsonGenerator out, Plans plans, TypeUrls types, boolean defaults) {
    this.out = out;
    this.plans = plans;
    this.types = types;
    this.defaults = defaults;
    scalars = new ScalarWriter(out);
    wellKnown = new WellKnownWriter(this);
  }

  void message(MessagePlan plan, Message message) throws IOException {
    if (plan.wellKnown != WellKnownType.NONE) {
      wellKnown.write(plan, message);
      return;
    }
    out.writeStartObject();
    fields(plan, message);
    out.writeEndObject();
  }

  void fields(MessagePlan plan, Message message) throws IOException {
    for (FieldPlan field : plan.fields) {
      field(field, message);
    }
    if (plan.extendable) {
      extensions(message);
    }
  }

  /** A field's value alone; null when the field has presence and is not set. */
  void fieldValue(FieldPlan plan, Message message) throws IOException {
    if (!plan.repeated && plan.presence && !message.hasField(plan.field)) {
      out.writeNull();
    } else {
      any(plan, message.getField(plan.field));
    }
  }

  void value(FieldPlan plan, Object value) throws IOException {
    if (plan.message) {
      message(plan.nested(), (Message) value);
    } else {
      scalars.write(plan, value);
    }
  }

  void list(FieldPlan plan, List<?> elements) throws IOException {
    out.writeStartArray();
    for (Object element : elements) {
      value(plan, element);
    }
    out.writeEndArray();
  }

  void map(FieldPlan plan, List<?> entries) throws IOException {
    FieldPlan key = plan.mapKey();
    FieldPlan value = plan.mapValue();
    out.writeStartObject();
    for (Object element : entries) {
      Message entry = (Message) element;
      out.writeFieldName(ScalarText.format(key, entry.getField(key.field)));
      value(value, entry.getField(value.field));
    }
    out.writeEndObject();
  }

  /** A failure at the place where the generator stands. */
  JsonException reject(String description) {
    return new JsonException(JsonPath.of(out.getOutputContext()), description, 0, 0);
  }

  private void field(FieldPlan plan, Message message) throws IOException {
    Object value = plan.toWrite(message, defaults);
    if (value != null) {
      named(plan, value);
    }
  }

  private void named(FieldPlan plan, Object value) throws IOException {
    out.writeFieldName(plan.name);
    any(plan, value);
  }

  private void any(FieldPlan plan, Object value) throws IOException {
    if (plan.map) {
      map(plan, (List<?>) value);
    } else if (plan.repeated) {
      list(plan, (List<?>) value);
    } else {
      value(plan, value);
    }
  }

  private void extensions(Message message) throws IOException {
    for (Map.Entry<FieldDescriptor, Object> set : message.getAllFields().entrySet()) {
      if (set.getKey().isExtension()) {
        named(FieldPlan.ofExtension(plans, set.getKey(), null), set.getValue());
      }
    }
  }
}
