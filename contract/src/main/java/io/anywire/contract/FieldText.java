package io.anywire.contract;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Base64;
import java.util.Locale;

/** Turns scalars and enums into text and back, as the protobuf JSON mapping does without quotes. */
final class FieldText {
  private FieldText() {}

  static boolean exists(FieldDescriptor field) {
    return switch (field.getType()) {
      case GROUP -> false;
      case MESSAGE -> WellKnownText.exists(field.getMessageType());
      default -> true;
    };
  }

  static String typeOf(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> "message " + field.getMessageType().getFullName();
      case ENUM -> "enum " + field.getEnumType().getFullName();
      default -> field.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  static String write(FieldDescriptor field, Object value) {
    return switch (field.getType()) {
      case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) value);
      case UINT64, FIXED64 -> Long.toUnsignedString((Long) value);
      case BYTES -> Base64.getEncoder().encodeToString(((ByteString) value).toByteArray());
      case ENUM -> name((EnumValueDescriptor) value);
      case MESSAGE -> WellKnownText.write((Message) value);
      default -> value.toString();
    };
  }

  /**
   * Parses one value.
   *
   * @param path what errors call the field
   * @return for a field of a message type, the built {@link Message} of a descriptor of its own
   * @throws IllegalArgumentException with the path, what was got and what was wanted
   */
  static Object read(String path, FieldDescriptor field, String text) {
    return switch (field.getType()) {
      case STRING -> text;
      case BOOL -> bool(path, text);
      case INT32, SINT32, SFIXED32 -> Numbers.int32(path, text);
      case UINT32, FIXED32 -> Numbers.uint32(path, text);
      case INT64, SINT64, SFIXED64 -> Numbers.int64(path, text);
      case UINT64, FIXED64 -> Numbers.uint64(path, text);
      case FLOAT -> Numbers.float32(path, text);
      case DOUBLE -> Numbers.float64(path, text);
      case BYTES -> bytes(path, text);
      case ENUM -> enumValue(path, field, text);
      case MESSAGE -> WellKnownText.read(path, field.getMessageType(), text);
      case GROUP -> throw mismatch(path, text, "nothing, a group has no text");
    };
  }

  /**
   * Sets or appends what {@link #read} made, in a generated builder as well as in a dynamic one.
   */
  static void set(Message.Builder message, FieldDescriptor field, Object value) {
    Object fit = value instanceof Message parsed ? converted(message, field, parsed) : value;
    if (field.isRepeated()) {
      message.addRepeatedField(field, fit);
    } else {
      message.setField(field, fit);
    }
  }

  private static Message converted(Message.Builder message, FieldDescriptor field, Message value) {
    try {
      return message.newBuilderForField(field).mergeFrom(value.toByteString()).buildPartial();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(field.getFullName() + ": not the well-known type", e);
    }
  }

  static IllegalArgumentException mismatch(String path, String got, String wanted) {
    String shown = got.length() > 80 ? got.substring(0, 80) + "…" : got;
    return new IllegalArgumentException(path + ": \"" + shown + "\" (expected: " + wanted + ")");
  }

  private static String name(EnumValueDescriptor value) {
    boolean known = value.getIndex() >= 0;
    return known ? value.getName() : Integer.toString(value.getNumber());
  }

  private static Object bool(String path, String text) {
    return switch (text) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> throw mismatch(path, text, "true or false");
    };
  }

  private static Object bytes(String path, String text) {
    try {
      String standard = text.replace('-', '+').replace('_', '/');
      return ByteString.copyFrom(Base64.getDecoder().decode(standard));
    } catch (IllegalArgumentException e) {
      throw mismatch(path, text, "base64");
    }
  }

  private static Object enumValue(String path, FieldDescriptor field, String text) {
    EnumValueDescriptor named = field.getEnumType().findValueByName(text);
    if (named != null) {
      return named;
    }
    String wanted = "a value of enum " + field.getEnumType().getFullName();
    if (!Numbers.isInteger(text)) {
      throw mismatch(path, text, wanted);
    }
    int number = Numbers.int32(path, text);
    EnumValueDescriptor known = field.getEnumType().findValueByNumber(number);
    if (known == null && field.getEnumType().isClosed()) {
      throw mismatch(path, text, wanted);
    }
    return known != null ? known : field.getEnumType().findValueByNumberCreatingIfUnknown(number);
  }
}
