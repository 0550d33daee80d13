package io.anywire.json;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.NumberOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import io.anywire.codec.FieldPlan;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes everything that is no message. Confined to one call. */
final class ScalarWriter {
  private static final int LONGEST_NUMBER = 20;

  private final JsonGenerator out;
  private byte @Nullable [] digits;

  ScalarWriter(JsonGenerator out) {
    this.out = out;
  }

  void write(FieldPlan plan, Object value) throws IOException {
    switch (plan.type) {
      case INT32, SINT32, SFIXED32 -> out.writeNumber((int) value);
      case UINT32, FIXED32 -> out.writeNumber(Integer.toUnsignedLong((int) value));
      case INT64, SINT64, SFIXED64 -> quoted((long) value);
      case UINT64, FIXED64 -> unsigned((long) value);
      case BOOL -> out.writeBoolean((boolean) value);
      case FLOAT -> out.writeNumber((float) value);
      case DOUBLE -> out.writeNumber((double) value);
      case STRING -> out.writeString((String) value);
      case BYTES -> bytes((ByteString) value);
      case ENUM -> enumValue(plan, (EnumValueDescriptor) value);
      default -> throw new IllegalStateException(plan.type + " (expected: a scalar type)");
    }
  }

  private void quoted(long value) throws IOException {
    byte[] into = digits;
    if (into == null) {
      into = new byte[LONGEST_NUMBER];
      digits = into;
    }
    out.writeRawUTF8String(into, 0, NumberOutput.outputLong(value, into, 0));
  }

  private void unsigned(long value) throws IOException {
    if (value >= 0) {
      quoted(value);
    } else {
      out.writeString(Long.toUnsignedString(value));
    }
  }

  private void bytes(ByteString value) throws IOException {
    out.writeBinary(Base64Variants.MIME_NO_LINEFEEDS, value.toByteArray(), 0, value.size());
  }

  private void enumValue(FieldPlan plan, EnumValueDescriptor value) throws IOException {
    if (plan.nullValue) {
      out.writeNull();
    } else if (value.getIndex() < 0) {
      out.writeNumber(value.getNumber());
    } else {
      out.writeString(value.getName());
    }
  }
}
