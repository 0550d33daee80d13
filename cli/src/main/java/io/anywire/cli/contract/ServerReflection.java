package io.anywire.cli.contract;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A running server, asked by gRPC server reflection for what it serves: version 1, or the otherwise
 * equal v1alpha of older servers.
 */
public final class ServerReflection implements ContractSource {
  private static final int ANSWER_SECONDS = 5;
  private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> V1 =
      ServerReflectionGrpc.getServerReflectionInfoMethod();
  private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> ALPHA =
      V1.toBuilder()
          .setFullMethodName("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
          .build();

  private final Channel channel;
  private final String url;

  private ServerReflection(Channel channel, String url) {
    this.channel = channel;
    this.url = url;
  }

  /** The server at a {@code grpc:} or {@code http:} URL. */
  public static ServerReflection at(Anywire anywire, WireUrl url) {
    String grpc = url.withScheme("grpc").toString();
    return new ServerReflection(anywire.channel(grpc), url.toString());
  }

  @Override
  public String place() {
    return "server reflection at " + url;
  }

  @Override
  public Optional<ServiceDescriptor> service(String fullName) {
    ServerReflectionResponse answer =
        ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(fullName).build());
    if (answer.hasErrorResponse()) {
      return Optional.empty();
    }
    Map<String, FileDescriptorProto> known = new HashMap<>();
    answer.getFileDescriptorResponse().getFileDescriptorProtoList().forEach(f -> add(f, known));
    FileLinker linker = new FileLinker(name -> file(name, known));
    return known.values().stream()
        .filter(file -> declares(file, fullName))
        .findFirst()
        .map(file -> linker.link(file.getName()))
        .map(file -> file.findServiceByName(fullName.substring(fullName.lastIndexOf('.') + 1)));
  }

  @Override
  public List<String> services() {
    return ask(ServerReflectionRequest.newBuilder().setListServices("").build())
        .getListServicesResponse()
        .getServiceList()
        .stream()
        .map(ServiceResponse::getName)
        .toList();
  }

  private Optional<FileDescriptorProto> file(String name, Map<String, FileDescriptorProto> known) {
    if (!known.containsKey(name)) {
      ask(ServerReflectionRequest.newBuilder().setFileByFilename(name).build())
          .getFileDescriptorResponse()
          .getFileDescriptorProtoList()
          .forEach(f -> add(f, known));
    }
    return Optional.ofNullable(known.get(name));
  }

  private ServerReflectionResponse ask(ServerReflectionRequest request) {
    try {
      return ask(V1, request);
    } catch (StatusException e) {
      if (e.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
        throw new StatusRuntimeException(e.getStatus(), e.getTrailers());
      }
    }
    try {
      return ask(ALPHA, request);
    } catch (StatusException e) {
      throw new StatusRuntimeException(e.getStatus(), e.getTrailers());
    }
  }

  private ServerReflectionResponse ask(
      MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> method,
      ServerReflectionRequest request)
      throws StatusException {
    BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call =
        ClientCalls.blockingBidiStreamingCall(
            channel,
            method,
            CallOptions.DEFAULT.withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS));
    try {
      call.write(request);
      ServerReflectionResponse answer = call.read();
      call.halfClose();
      if (answer == null) {
        throw Status.UNAVAILABLE.withDescription("no answer from " + place()).asException();
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").withCause(e).asException();
    }
  }

  private static boolean declares(FileDescriptorProto file, String service) {
    String prefix = file.getPackage().isEmpty() ? "" : file.getPackage() + ".";
    return file.getServiceList().stream().anyMatch(s -> service.equals(prefix + s.getName()));
  }

  private static void add(ByteString bytes, Map<String, FileDescriptorProto> known) {
    try {
      FileDescriptorProto file = FileDescriptorProto.parseFrom(bytes);
      known.putIfAbsent(file.getName(), file);
    } catch (InvalidProtocolBufferException e) {
      throw Status.INTERNAL
          .withDescription("the server's reflection sent a malformed file")
          .withCause(e)
          .asRuntimeException();
    }
  }
}
