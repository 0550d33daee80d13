package io.anywire.json;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.FieldDescriptor.Type;
import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/** What reading and writing one field needs, decided once. Thread-safe. */
final class FieldPlan {
  final FieldDescriptor field;
  final Type type;
  final SerializableString name;
  final boolean map;
  final boolean repeated;
  final boolean presence;
  final boolean message;
  final boolean nullValue;
  final boolean takesNull;

  /** The bit of the field, and of its oneof, among those seen in one JSON object; -1 for none. */
  final int bit;

  final int oneofBit;

  /** The value to build on, for an extension: its containing message does not know the class. */
  final @Nullable Message prototype;

  private final Plans plans;
  private @Nullable MessagePlan nested;

  FieldPlan(Plans plans, FieldDescriptor field, int bit, int oneofBit) {
    this(plans, field, bit, oneofBit, null);
  }

  /** An extension's plan: JSON names it by its full name in brackets. */
  static FieldPlan ofExtension(Plans plans, FieldDescriptor field, @Nullable Message prototype) {
    return new FieldPlan(plans, field, -1, -1, prototype);
  }

  private FieldPlan(
      Plans plans, FieldDescriptor field, int bit, int oneofBit, @Nullable Message prototype) {
    this.plans = plans;
    this.field = field;
    this.bit = bit;
    this.oneofBit = oneofBit;
    this.prototype = prototype;
    type = field.getType();
    name =
        new SerializedString(
            field.isExtension() ? "[" + field.getFullName() + "]" : field.getJsonName());
    name.asQuotedUTF8();
    map = field.isMapField();
    repeated = field.isRepeated();
    presence = field.hasPresence();
    message = field.getJavaType() == JavaType.MESSAGE;
    nullValue =
        type == Type.ENUM && field.getEnumType().getFullName().equals("google.protobuf.NullValue");
    takesNull =
        nullValue || (message && WellKnownType.of(field.getMessageType()) == WellKnownType.VALUE);
  }

  /** The plan of the field's message type (for a map, of its entry); looked up once. */
  MessagePlan nested() {
    MessagePlan known = nested;
    if (known == null) {
      known = plans.of(field.getMessageType());
      nested = known;
    }
    return known;
  }

  FieldPlan mapKey() {
    return nested().byNumber(1);
  }

  FieldPlan mapValue() {
    return nested().byNumber(2);
  }

  boolean isDefault(Object value) {
    return value instanceof EnumValueDescriptor number
        ? number.getNumber() == ((EnumValueDescriptor) field.getDefaultValue()).getNumber()
        : value.equals(field.getDefaultValue());
  }
}
