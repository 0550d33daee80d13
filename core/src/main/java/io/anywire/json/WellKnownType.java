package io.anywire.json;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.Map;

/** The message types whose JSON form is their own. */
enum WellKnownType {
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

  static WellKnownType of(Descriptor type) {
    return BY_NAME.getOrDefault(type.getFullName(), NONE);
  }
}
