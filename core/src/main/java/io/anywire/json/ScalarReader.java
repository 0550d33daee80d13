package io.anywire.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads everything that is no message, as strictly as the standard says. Confined to one call. */
final class ScalarReader {
  private static final long UINT32_MAX = 0xFFFF_FFFFL;

  private final Input in;
  private final JsonParser tokens;
  private final boolean ignoreUnknown;

  ScalarReader(Input in, boolean ignoreUnknown) {
    this.in = in;
    this.tokens = in.tokens;
    this.ignoreUnknown = ignoreUnknown;
  }

  /** A value, or null for an unknown enum value that is to be ignored. */
  @Nullable Object read(FieldPlan plan) throws IOException {
    return switch (plan.type) {
      case INT32, SINT32, SFIXED32 -> (int) integer(Integer.MIN_VALUE, Integer.MAX_VALUE, "int32");
      case UINT32, FIXED32 -> (int) integer(0, UINT32_MAX, "uint32");
      case INT64, SINT64, SFIXED64 -> integer(Long.MIN_VALUE, Long.MAX_VALUE, "int64");
      case UINT64, FIXED64 -> unsigned();
      case BOOL -> bool();
      case FLOAT -> floatValue();
      case DOUBLE -> doubleValue();
      case STRING -> in.string();
      case BYTES -> bytes();
      case ENUM -> enumValue(plan);
      default -> throw new IllegalStateException(plan.type + " (expected: a scalar type)");
    };
  }

  /** The key at which the parser stands, a field name to JSON. */
  Object mapKey(FieldPlan plan) throws IOException {
    String key = tokens.currentName();
    return switch (plan.type) {
      case STRING -> in.wellFormed(key);
      case BOOL -> boolKey(key);
      case INT32, SINT32, SFIXED32 ->
          (int) Numbers.integer(in, key, Integer.MIN_VALUE, Integer.MAX_VALUE, "int32");
      case UINT32, FIXED32 -> (int) Numbers.integer(in, key, 0, UINT32_MAX, "uint32");
      case UINT64, FIXED64 -> Numbers.unsigned(in, key);
      default -> Numbers.integer(in, key, Long.MIN_VALUE, Long.MAX_VALUE, "int64");
    };
  }

  private long integer(long least, long most, String kind) throws IOException {
    if (tokens.currentToken() == JsonToken.VALUE_NUMBER_INT
        && tokens.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      long value = tokens.getLongValue();
      if (value >= least && value <= most) {
        return value;
      }
      throw in.rejectToken(kind);
    }
    return Numbers.integer(in, number(kind), least, most, kind);
  }

  private long unsigned() throws IOException {
    return Numbers.unsigned(in, number("uint64"));
  }

  private double doubleValue() throws IOException {
    double value =
        tokens.currentToken().isNumeric() ? tokens.getDoubleValue() : quotedDouble("double");
    if (Double.isInfinite(value) && isFiniteText()) {
      throw in.rejectToken("a number in the range of double");
    }
    return value;
  }

  private float floatValue() throws IOException {
    float value =
        tokens.currentToken().isNumeric() ? Float.parseFloat(tokens.getText()) : quotedFloat();
    if (Float.isInfinite(value) && isFiniteText()) {
      throw in.rejectToken("a number in the range of float");
    }
    return value;
  }

  private float quotedFloat() throws IOException {
    double wide = quotedDouble("float");
    return Double.isFinite(wide) ? Float.parseFloat(tokens.getText()) : (float) wide;
  }

  private double quotedDouble(String kind) throws IOException {
    String text = number(kind);
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> {
        Numbers.check(in, text, kind);
        yield Double.parseDouble(text);
      }
    };
  }

  /** Whether the number was written in digits, and so must not have become infinite. */
  private boolean isFiniteText() throws IOException {
    return !tokens.getText().endsWith("y");
  }

  private String number(String kind) throws IOException {
    JsonToken token = tokens.currentToken();
    if (token.isNumeric() || token == JsonToken.VALUE_STRING) {
      return tokens.getText();
    }
    throw in.rejectToken(kind);
  }

  private boolean bool() throws IOException {
    return switch (tokens.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw in.rejectToken("true or false");
    };
  }

  private boolean boolKey(String key) throws IOException {
    return switch (key) {
      case "true" -> true;
      case "false" -> false;
      default -> throw in.rejectToken("\"true\" or \"false\"");
    };
  }

  private ByteString bytes() throws IOException {
    if (tokens.currentToken() != JsonToken.VALUE_STRING) {
      throw in.rejectToken("a string in base64");
    }
    String text = tokens.getText();
    boolean urlSafe = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
    try {
      Base64.Decoder decoder = urlSafe ? Base64.getUrlDecoder() : Base64.getDecoder();
      return UnsafeByteOperations.unsafeWrap(decoder.decode(text));
    } catch (IllegalArgumentException e) {
      throw in.rejectToken("a string in base64");
    }
  }

  private @Nullable EnumValueDescriptor enumValue(FieldPlan plan) throws IOException {
    EnumValueDescriptor value =
        switch (tokens.currentToken()) {
          case VALUE_STRING -> plan.field.getEnumType().findValueByName(tokens.getText());
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> enumNumber(plan);
          case VALUE_NULL ->
              plan.nullValue ? plan.field.getEnumType().findValueByNumber(0) : noEnum(plan);
          default -> noEnum(plan);
        };
    if (value == null && !ignoreUnknown) {
      return noEnum(plan);
    }
    return value;
  }

  private @Nullable EnumValueDescriptor enumNumber(FieldPlan plan) throws IOException {
    int number = (int) integer(Integer.MIN_VALUE, Integer.MAX_VALUE, "an enum's number");
    return plan.field.legacyEnumFieldTreatedAsClosed()
        ? plan.field.getEnumType().findValueByNumber(number)
        : plan.field.getEnumType().findValueByNumberCreatingIfUnknown(number);
  }

  private EnumValueDescriptor noEnum(FieldPlan plan) throws IOException {
    throw in.rejectToken("a value of " + plan.field.getEnumType().getFullName());
  }
}
