package io.anywire.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import io.anywire.codec.FieldPlan;
import io.anywire.codec.Numbers;
import io.anywire.codec.ScalarText;
import java.io.IOException;
import java.util.Objects;
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
      case FLOAT -> Numbers.floatValue(in, number("float"));
      case DOUBLE -> doubleValue();
      case STRING -> in.string();
      case BYTES -> bytes();
      case ENUM -> enumValue(plan);
      default -> throw new IllegalStateException(plan.type + " (expected: a scalar type)");
    };
  }

  /** The key at which the parser stands, a field name to JSON. */
  Object mapKey(FieldPlan plan) throws IOException {
    return Objects.requireNonNull(ScalarText.parse(plan, tokens.currentName(), in, false));
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
    if (!tokens.currentToken().isNumeric()) {
      return Numbers.doubleValue(in, number("double"));
    }
    double value = tokens.getDoubleValue();
    if (Double.isInfinite(value)) {
      throw in.rejectToken("a number in the range of double");
    }
    return value;
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

  private ByteString bytes() throws IOException {
    if (tokens.currentToken() != JsonToken.VALUE_STRING) {
      throw in.rejectToken("a string in base64");
    }
    return ScalarText.bytes(tokens.getText(), in);
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
    return ScalarText.enumNumber(plan, number);
  }

  private EnumValueDescriptor noEnum(FieldPlan plan) throws IOException {
    throw in.rejectToken("a value of " + plan.field.getEnumType().getFullName());
  }
}
