package io.anywire.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Scalars as text: in strings and map keys of JSON, and everywhere in XML. */
public final class ScalarText {
  private ScalarText() {}

  /** The text of a value; an enum's is its name, or its number where no name is known. */
  public static String format(FieldPlan plan, Object value) {
    return switch (plan.type) {
      case UINT32, FIXED32 -> Integer.toUnsignedString((int) value);
      case UINT64, FIXED64 -> Long.toUnsignedString((long) value);
      case BYTES -> Base64.getEncoder().encodeToString(((ByteString) value).toByteArray());
      case ENUM -> enumText((EnumValueDescriptor) value);
      default -> value.toString();
    };
  }

  /**
   * The value of a text, exactly in its canonical form except for what JSON accepts, too: integers
   * with exponents, enums by number, base64 of either alphabet with or without padding.
   *
   * @return null for an unknown enum value, where these are to be ignored
   */
  public static @Nullable Object parse(FieldPlan plan, String text, Place in, boolean ignoreUnknown)
      throws IOException {
    return switch (plan.type) {
      case INT32, SINT32, SFIXED32 -> Numbers.int32(in, text);
      case UINT32, FIXED32 -> Numbers.uint32(in, text);
      case INT64, SINT64, SFIXED64 -> Numbers.int64(in, text);
      case UINT64, FIXED64 -> Numbers.unsigned(in, text);
      case BOOL -> bool(text, in);
      case FLOAT -> Numbers.floatValue(in, text);
      case DOUBLE -> Numbers.doubleValue(in, text);
      case STRING -> wellFormed(text, in);
      case BYTES -> bytes(text, in);
      case ENUM -> enumValue(plan, text, in, ignoreUnknown);
      default -> throw new IllegalStateException(plan.type + " (expected: a scalar type)");
    };
  }

  /** A text that has a UTF-8 form. */
  public static String wellFormed(String text, Place in) {
    if (!Text.isWellFormed(text)) {
      throw in.reject("half a surrogate pair (expected: Unicode text)");
    }
    return text;
  }

  /** Bytes of base64, in either alphabet. */
  public static ByteString bytes(String text, Place in) throws IOException {
    boolean urlSafe = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
    try {
      Base64.Decoder decoder = urlSafe ? Base64.getUrlDecoder() : Base64.getDecoder();
      return UnsafeByteOperations.unsafeWrap(decoder.decode(text));
    } catch (IllegalArgumentException e) {
      throw in.rejectToken("a string in base64");
    }
  }

  /** What an enum's number stands for; null where a closed enum does not have it. */
  public static @Nullable EnumValueDescriptor enumNumber(FieldPlan plan, int number) {
    return plan.field.legacyEnumFieldTreatedAsClosed()
        ? plan.field.getEnumType().findValueByNumber(number)
        : plan.field.getEnumType().findValueByNumberCreatingIfUnknown(number);
  }

  private static String enumText(EnumValueDescriptor value) {
    return value.getIndex() < 0 ? Integer.toString(value.getNumber()) : value.getName();
  }

  private static @Nullable EnumValueDescriptor enumValue(
      FieldPlan plan, String text, Place in, boolean ignoreUnknown) throws IOException {
    boolean number =
        !text.isEmpty() && (text.charAt(0) == '-' || Character.isDigit(text.charAt(0)));
    EnumValueDescriptor value =
        number
            ? enumNumber(plan, Numbers.int32(in, text))
            : plan.field.getEnumType().findValueByName(text);
    if (value == null && !ignoreUnknown) {
      throw in.rejectToken("a value of " + plan.field.getEnumType().getFullName());
    }
    return value;
  }

  private static boolean bool(String text, Place in) throws IOException {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw in.rejectToken("true or false");
    };
  }
}
