package io.anywire.json;

import com.google.protobuf.AnyProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.WrappersProto;
import com.google.rpc.ErrorDetailsProto;
import com.google.rpc.StatusProto;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which message type an {@code Any} holds. Immutable. */
final class TypeUrls {
  /** What every codec knows: the well-known types and the details of {@code google.rpc.Status}. */
  private static final TypeRegistry BUILT_IN =
      TypeRegistry.newBuilder()
          .add(
              Stream.of(
                      AnyProto.getDescriptor(),
                      DurationProto.getDescriptor(),
                      EmptyProto.getDescriptor(),
                      FieldMaskProto.getDescriptor(),
                      StructProto.getDescriptor(),
                      TimestampProto.getDescriptor(),
                      WrappersProto.getDescriptor(),
                      ErrorDetailsProto.getDescriptor(),
                      StatusProto.getDescriptor())
                  .flatMap(file -> file.getMessageTypes().stream())
                  .toList())
          .build();

  private final TypeRegistry types;

  TypeUrls(TypeRegistry types) {
    this.types = types;
  }

  /** The type named after the last slash, or null when the URL has none or nobody knows it. */
  @Nullable Descriptor find(String url) {
    int slash = url.lastIndexOf('/');
    if (slash < 0) {
      return null;
    }
    String name = url.substring(slash + 1);
    Descriptor type = types.find(name);
    return type != null ? type : BUILT_IN.find(name);
  }
}
