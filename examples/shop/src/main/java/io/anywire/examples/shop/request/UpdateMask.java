package io.anywire.examples.shop.request;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.FieldMask;
import java.util.HashSet;
import java.util.Set;

/**
 * The fields that an update writes. Without a mask, or with {@code *}, it replaces: every writable
 * field is written. With a mask, which a REST {@code PATCH} fills with the fields that its body
 * holds, only those; none of them is no change. Fields that only the service sets are ignored
 * (AIP-203), and fields that do not exist are refused (AIP-134).
 *
 * @param fields names of writable fields
 */
public record UpdateMask(Set<String> fields) {
  private static final String EVERYTHING = "*";

  public UpdateMask {
    fields = Set.copyOf(fields);
  }

  /** A mask that replaces. */
  public static UpdateMask replacing(Set<String> writable) {
    return new UpdateMask(writable);
  }

  /**
   * Reads a mask.
   *
   * @param writable the names of the fields that callers may write
   */
  public static UpdateMask of(
      FieldMask mask, Descriptor type, Set<String> writable, Violations violations) {
    Set<String> fields = new HashSet<>();
    for (String path : mask.getPathsList()) {
      if (path.equals(EVERYTHING)) {
        fields.addAll(writable);
      } else if (writable.contains(path)) {
        fields.add(path);
      } else {
        violations.require(
            type.findFieldByName(path) != null,
            "update_mask",
            "'" + path + "' (expected: fields of " + type.getFullName() + ")");
      }
    }
    return new UpdateMask(fields);
  }

  /** Whether the update writes that field. */
  public boolean writes(String field) {
    return fields.contains(field);
  }
}
