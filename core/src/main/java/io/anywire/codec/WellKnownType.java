package io.anywire.codec;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.Map;

/** The message types whose text form is their own. */
public enum WellKnownType {
  NONE,
  ANY,
  TIMESTAMP,
  DURATION,
  FIELD_MASK,
  STRUCT,
  VALUE,
  LIST_VALUE,
  WRAPPER;

  private static final Map<String, WellKnownType> BY_NAME =
      Map.ofEntries(
          Map.entry("google.protobuf.Any", ANY),
          Map.entry("google.protobuf.Timestamp", TIMESTAMP),
          Map.entry("google.protobuf.Duration", DURATION),
          Map.entry("google.protobuf.FieldMask", FIELD_MASK),
          Map.entry("google.protobuf.Struct", STRUCT),
          Map.entry("google.protobuf.Value", VALUE),
          Map.entry("google.protobuf.ListValue", LIST_VALUE),
          Map.entry("google.protobuf.BoolValue", WRAPPER),
          Map.entry("google.protobuf.Int32Value", WRAPPER),
          Map.entry("google.protobuf.Int64Value", WRAPPER),
          Map.entry("google.protobuf.UInt32Value", WRAPPER),
          Map.entry("google.protobuf.UInt64Value", WRAPPER),
          Map.entry("google.protobuf.FloatValue", WRAPPER),
          Map.entry("google.protobuf.DoubleValue", WRAPPER),
          Map.entry("google.protobuf.StringValue", WRAPPER),
          Map.entry("google.protobuf.BytesValue", WRAPPER));

  /** Whether the form is one text, rather than a structure. */
  public boolean hasText() {
    return switch (this) {
      case TIMESTAMP, DURATION, FIELD_MASK, WRAPPER -> true;
      case NONE, ANY, STRUCT, VALUE, LIST_VALUE -> false;
    };
  }

  /** What that type is. */
  public static WellKnownType of(Descriptor type) {
    return BY_NAME.getOrDefault(type.getFullName(), NONE);
  }
}
