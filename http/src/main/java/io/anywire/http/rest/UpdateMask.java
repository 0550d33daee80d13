package io.anywire.http.rest;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.anywire.contract.FieldPath;
import io.anywire.json.JsonCodec;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The mask of a {@code PATCH} that gives none: the fields that its body names (AIP-134). Fields
 * that the path binds say which resource is meant, and are not part of it.
 */
final class UpdateMask {
  private static final String NAME = "update_mask";

  private final Set<String> paths = new LinkedHashSet<>();
  private final Set<String> excluded;

  private UpdateMask(Set<String> excluded) {
    this.excluded = excluded;
  }

  /** Sets the request's {@code update_mask} if it has such a field, and it is not set. */
  static void fill(
      Message.Builder request,
      FieldDescriptor bodyField,
      byte[] body,
      Collection<FieldPath> bound) {
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
    Set<String> excluded = new LinkedHashSet<>();
    bound.forEach(path -> excluded.add(path.toString()));
    UpdateMask found = new UpdateMask(excluded);
    Struct json = JsonCodec.standard().read(body, Struct.getDefaultInstance());
    found.collect(json, bodyField.getMessageType(), bodyField.getName() + ".", "");
    Message.Builder value = request.newBuilderForField(mask);
    FieldDescriptor paths = value.getDescriptorForType().findFieldByNumber(1);
    found.paths.forEach(path -> value.addRepeatedField(paths, path));
    request.setField(mask, value.build());
  }

  private void collect(Struct json, Descriptor type, String root, String prefix) {
    for (Map.Entry<String, Value> member : json.getFieldsMap().entrySet()) {
      FieldDescriptor field = named(type, member.getKey());
      if (field == null) {
        continue;
      }
      String path = prefix + field.getName();
      Struct inner = member.getValue().getStructValue();
      if (isPlain(field) && inner.getFieldsCount() > 0) {
        collect(inner, field.getMessageType(), root, path + ".");
      } else if (!excluded.contains(root + path)) {
        paths.add(path);
      }
    }
  }

  private static @Nullable FieldDescriptor named(Descriptor type, String name) {
    for (FieldDescriptor field : type.getFields()) {
      if (field.getName().equals(name) || field.getJsonName().equals(name)) {
        return field;
      }
    }
    return null;
  }

  /** A single message whose JSON is an object of its fields. */
  private static boolean isPlain(FieldDescriptor field) {
    return !field.isRepeated()
        && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && !field.getMessageType().getFile().getPackage().equals("google.protobuf");
  }
}
