package io.anywire.cli.contract;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.List;
import java.util.Optional;

/** Where the contracts of services are looked up. Thread-safe. */
public interface ContractSource {

  /** Where that is, for messages: {@code server reflection at grpc://127.0.0.1:8081}. */
  String place();

  /**
   * The service of that full name.
   *
   * @throws io.grpc.StatusRuntimeException when the source is another process that does not answer
   */
  Optional<ServiceDescriptor> service(String fullName);

  /** The full names of all services that it knows. */
  List<String> services();
}
