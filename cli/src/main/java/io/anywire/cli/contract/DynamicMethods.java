package io.anywire.cli.contract;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;

/**
 * Methods as generated code would describe them, with dynamic messages: every wire finds the
 * contract in their schema.
 */
public final class DynamicMethods {
  private DynamicMethods() {}

  /** Describes a method. */
  public static MethodDescriptor<DynamicMessage, DynamicMessage> of(
      com.google.protobuf.Descriptors.MethodDescriptor method) {
    IdempotencyLevel level = method.getOptions().getIdempotencyLevel();
    return MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
        .setType(type(method))
        .setFullMethodName(method.getService().getFullName() + "/" + method.getName())
        .setRequestMarshaller(
            ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
        .setResponseMarshaller(
            ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
        .setSafe(level == IdempotencyLevel.NO_SIDE_EFFECTS)
        .setIdempotent(level != IdempotencyLevel.IDEMPOTENCY_UNKNOWN)
        .setSchemaDescriptor(new Schema(method))
        .build();
  }

  private static MethodType type(com.google.protobuf.Descriptors.MethodDescriptor method) {
    if (method.isClientStreaming()) {
      return method.isServerStreaming() ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING;
    }
    return method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
  }

  /** What generated code attaches to its methods. */
  record Schema(com.google.protobuf.Descriptors.MethodDescriptor method)
      implements ProtoMethodDescriptorSupplier {
    @Override
    public com.google.protobuf.Descriptors.MethodDescriptor getMethodDescriptor() {
      return method;
    }

    @Override
    public ServiceDescriptor getServiceDescriptor() {
      return method.getService();
    }

    @Override
    public FileDescriptor getFileDescriptor() {
      return method.getFile();
    }
  }
}
