package io.anywire.codec;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.WrappersProto;
import com.google.rpc.ErrorDetailsProto;
import com.google.rpc.StatusProto;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which message type an {@code Any} holds. Immutable. */
public final class TypeUrls {
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

  /** Knows those types, besides the ones that every codec knows. */
  public TypeUrls(TypeRegistry types) {
    this.types = types;
  }

  /** The type named after the last slash, rejected when the URL has none or nobody knows it. */
  public Descriptor require(String url, Function<String, ? extends RuntimeException> reject) {
    Descriptor type = find(url);
    if (type == null) {
      throw reject.apply("type URL " + Text.quoted(url) + " (expected: a known message type)");
    }
    return type;
  }

  /** What an {@code Any} of a known type holds. */
  public static Message unpack(
      Descriptor type, ByteString bytes, Function<String, ? extends RuntimeException> reject) {
    try {
      return DynamicMessage.parseFrom(type, bytes);
    } catch (InvalidProtocolBufferException e) {
      throw reject.apply("undecodable bytes in an Any (expected: " + type.getFullName() + ")");
    }
  }

  /** Puts a message into an {@code Any}. */
  public static void pack(
      MessagePlan any,
      Message.Builder into,
      String url,
      Message.Builder content,
      Function<String, ? extends RuntimeException> reject) {
    if (!content.isInitialized()) {
      throw reject.apply(
          "nothing for " + content.getInitializationErrorString() + " (expected: required fields)");
    }
    any.set(into, 1, url);
    any.set(into, 2, content.buildPartial().toByteString());
  }

  private @Nullable Descriptor find(String url) {
    int slash = url.lastIndexOf('/');
    if (slash < 0) {
      return null;
    }
    String name = url.substring(slash + 1);
    Descriptor type = types.find(name);
    return type != null ? type : BUILT_IN.find(name);
  }
}
