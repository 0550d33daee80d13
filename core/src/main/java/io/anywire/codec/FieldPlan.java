package io.anywire.codec;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.FieldDescriptor.Type;
import com.google.protobuf.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What reading and writing one field needs, decided once: {@code name} is its name in JSON, {@code
 * element} in XML. Thread-safe.
 */
public final class FieldPlan {
  public final FieldDescriptor field;
  public final Type type;
  public final SerializableString name;
  public final byte[] element;
  public final boolean map;
  public final boolean repeated;
  public final boolean presence;
  public final boolean message;
  public final boolean nullValue;
  public final boolean takesNull;

  /** The bit of the field, and of its oneof, among those seen in one object; -1 for none. */
  public final int bit;

  public final int oneofBit;

  /** The value to build on, for an extension: its containing message does not know the class. */
  public final @Nullable Message prototype;

  private final Plans plans;
  private @Nullable MessagePlan nested;

  FieldPlan(Plans plans, FieldDescriptor field, int bit, int oneofBit) {
    this(plans, field, bit, oneofBit, null);
  }

  /** An extension's plan: it is named by its full name in brackets. */
  public static FieldPlan ofExtension(
      Plans plans, FieldDescriptor field, @Nullable Message prototype) {
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
    element = ElementNames.encode(name.getValue());
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
  public MessagePlan nested() {
    MessagePlan known = nested;
    if (known == null) {
      known = plans.of(field.getMessageType());
      nested = known;
    }
    return known;
  }

  /** The plan of a map's keys. */
  public FieldPlan mapKey() {
    return nested().byNumber(1);
  }

  /** The plan of a map's values. */
  public FieldPlan mapValue() {
    return nested().byNumber(2);
  }

  /** The value that is to be written; null where the field is left out. */
  public @Nullable Object toWrite(Message message, boolean defaults) {
    if (presence && !repeated) {
      return message.hasField(field) ? message.getField(field) : null;
    }
    Object value = message.getField(field);
    boolean empty = repeated ? ((List<?>) value).isEmpty() : isDefault(value);
    return defaults || !empty ? value : null;
  }

  private boolean isDefault(Object value) {
    return value instanceof EnumValueDescriptor number
        ? number.getNumber() == ((EnumValueDescriptor) field.getDefaultValue()).getNumber()
        : value.equals(field.getDefaultValue());
  }
}
