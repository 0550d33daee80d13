package io.anywire.cli.contract;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import io.grpc.stub.ServerCalls;
import java.util.List;
import java.util.function.BiConsumer;

/** A handler for a service known at run time only: every unary request goes to one receiver. */
public final class DynamicService implements BindableService {
  private final ServiceDescriptor service;
  private final BiConsumer<String, DynamicMessage> receiver;

  /**
   * Serves {@code service}; an answer is empty once the receiver has returned, and its exceptions
   * are the call's.
   *
   * @param receiver gets the method's name and the request, from any thread
   */
  public DynamicService(ServiceDescriptor service, BiConsumer<String, DynamicMessage> receiver) {
    this.service = service;
    this.receiver = receiver;
  }

  @Override
  public ServerServiceDefinition bindService() {
    List<MethodDescriptor<DynamicMessage, DynamicMessage>> methods =
        service.getMethods().stream().map(DynamicMethods::of).toList();
    io.grpc.ServiceDescriptor.Builder described =
        io.grpc.ServiceDescriptor.newBuilder(service.getFullName())
            .setSchemaDescriptor(new Schema(service));
    methods.forEach(described::addMethod);
    ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(described.build());
    for (int i = 0; i < methods.size(); i++) {
      add(definition, methods.get(i), service.getMethods().get(i));
    }
    return definition.build();
  }

  private void add(
      ServerServiceDefinition.Builder definition,
      MethodDescriptor<DynamicMessage, DynamicMessage> method,
      com.google.protobuf.Descriptors.MethodDescriptor schema) {
    DynamicMessage answer = DynamicMessage.getDefaultInstance(schema.getOutputType());
    definition.addMethod(
        method,
        ServerCalls.asyncUnaryCall((request, out) -> {
          receiver.accept(schema.getName(), request);
          out.onNext(answer);
          out.onCompleted();
        }));
  }

  private record Schema(ServiceDescriptor service) implements ProtoServiceDescriptorSupplier {
    @Override
    public ServiceDescriptor getServiceDescriptor() {
      return service;
    }

    @Override
    public FileDescriptor getFileDescriptor() {
      return service.getFile();
    }
  }
}
