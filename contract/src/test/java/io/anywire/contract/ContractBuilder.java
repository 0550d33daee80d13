package io.anywire.contract;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.EmptyProto;
import io.anywire.contract.library.Library;
import java.util.List;
import java.util.function.Consumer;

/** Builds the file {@code bad.proto} with one service, {@code bad.v1.Bad}, that may be wrong. */
final class ContractBuilder {
  private final ServiceDescriptorProto.Builder service =
      ServiceDescriptorProto.newBuilder().setName("Bad");

  ContractBuilder service(Consumer<ServiceDescriptorProto.Builder> change) {
    change.accept(service);
    return this;
  }

  /** Adds a method over types of the library, for example {@code Values} to {@code Book}. */
  ContractBuilder method(
      String name, String input, String output, Consumer<MethodDescriptorProto.Builder> change) {
    MethodDescriptorProto.Builder method =
        MethodDescriptorProto.newBuilder()
            .setName(name)
            .setInputType(".library.v1." + input)
            .setOutputType(
                output.equals("Empty") ? ".google.protobuf.Empty" : ".library.v1." + output);
    change.accept(method);
    service.addMethod(method);
    return this;
  }

  ContractBuilder http(String name, String input, HttpRule.Builder rule) {
    return method(
        name,
        input,
        "Book",
        method -> method.getOptionsBuilder().setExtension(AnnotationsProto.http, rule.build()));
  }

  ServiceDescriptor build() {
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("bad.proto")
            .setPackage("bad.v1")
            .setSyntax("proto3")
            .addDependency(Library.getDescriptor().getName())
            .addDependency("google/protobuf/empty.proto")
            .addService(service)
            .build();
    try {
      FileDescriptor[] known = {Library.getDescriptor(), EmptyProto.getDescriptor()};
      return FileDescriptor.buildFrom(file, known).findServiceByName("Bad");
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  Contract read() {
    return Contract.of(List.of(build()));
  }

  /** A contract of GET routes over {@code Values}, named M0, M1 and so on. */
  static Contract ofGets(String... templates) {
    ContractBuilder builder = new ContractBuilder();
    for (int i = 0; i < templates.length; i++) {
      builder.http("M" + i, "Values", HttpRule.newBuilder().setGet(templates[i]));
    }
    return builder.read();
  }

  static Descriptor values() {
    return io.anywire.contract.library.Values.getDescriptor();
  }
}
