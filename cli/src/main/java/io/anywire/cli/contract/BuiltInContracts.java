package io.anywire.cli.contract;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.anywire.examples.shop.v1.GreeterGrpc;
import io.anywire.examples.shop.v1.OrderServiceGrpc;
import io.anywire.examples.shop.v1.UserServiceGrpc;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The contracts that come with the command: those of the sample shop. */
public final class BuiltInContracts implements ContractSource {

  @Override
  public String place() {
    return "the contracts that come with anywire";
  }

  @Override
  public Optional<ServiceDescriptor> service(String fullName) {
    return all().filter(service -> service.getFullName().equals(fullName)).findFirst();
  }

  @Override
  public List<String> services() {
    return all().map(ServiceDescriptor::getFullName).toList();
  }

  private static Stream<ServiceDescriptor> all() {
    return Stream.of(
            GreeterGrpc.getServiceDescriptor(),
            UserServiceGrpc.getServiceDescriptor(),
            OrderServiceGrpc.getServiceDescriptor())
        .map(service -> file(Objects.requireNonNull(service.getSchemaDescriptor())))
        .flatMap(file -> file.getServices().stream());
  }

  private static FileDescriptor file(Object schema) {
    return ((ProtoFileDescriptorSupplier) schema).getFileDescriptor();
  }
}
