package io.anywire.http.rest;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The mask of a {@code PATCH} that gives none: the fields that its body names (AIP-134). Fields
 * that the path binds say which resource is meant, and are not part of it; nor is the {@code etag},
 * which says which version is meant (AIP-154).
 */
final class UpdateMask {
  private static final String NAME = "update_mask";

  private UpdateMask() {}

  /**
   * Sets the request's {@code update_mask} if it has such a field, and it is not set.
   *
   * @param excluded the paths of the request that are not part of it
   */
  static void fill(
      Message.Builder request,
      FieldDescriptor bodyField,
      Representation form,
      byte[] body,
      Set<String> excluded) {
    FieldDescriptor mask = request.getDescriptorForType().findFieldByName(NAME);
    boolean fits =
        mask != null
            && !mask.isRepeated()
            && mask.getJavaType() == FieldDescriptor.JavaType.MESSAGE
            && mask.getMessageType().getFullName().equals(FieldMask.getDescriptor().getFullName())
            && isPlain(bodyField);
    if (mask == null || !fits || request.hasField(mask)) {
      return;
    }
    Message.Builder value = request.newBuilderForField(mask);
    FieldDescriptor paths = value.getDescriptorForType().findFieldByNumber(1);
    for (String path : form.paths(body, bodyField.getMessageType())) {
      if (!excluded.contains(bodyField.getName() + "." + path)) {
        value.addRepeatedField(paths, path);
      }
    }
    request.setField(mask, value.build());
  }

  /** The field that JSON or the contract calls so. */
  static @Nullable FieldDescriptor named(Descriptor type, String name) {
    for (FieldDescriptor field : type.getFields()) {
      if (field.getName().equals(name) || field.getJsonName().equals(name)) {
        return field;
      }
    }
    return null;
  }

  /** A single message whose JSON is an object of its fields. */
  static boolean isPlain(FieldDescriptor field) {
    return !field.isRepeated()
        && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && !field.getMessageType().getFile().getPackage().equals("google.protobuf");
  }
}
