package io.anywire.http.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.http.rest.library.LibraryGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.reflection.v1.ExtensionRequest;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.BlockingClientCall;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that server reflection can be asked, in both of its versions. */
class ReflectionTest {
  private static final String LIBRARY = "anywire/http/rest/library.proto";
  private static final String METHOD_OPTIONS = "google.protobuf.MethodOptions";
  private static final int HTTP_RULE = 72295728;

  private static final Anywire anywire = Anywire.builder().build();
  private static Channel channel;

  private enum Version {
    V1 {
      @Override
      ServerReflectionResponse ask(ServerReflectionRequest question) throws Exception {
        BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call =
            ServerReflectionGrpc.newBlockingV2Stub(channel).serverReflectionInfo();
        call.write(question);
        call.halfClose();
        return call.read();
      }
    },
    /** The same messages by another name. */
    V1ALPHA {
      @Override
      ServerReflectionResponse ask(ServerReflectionRequest question) throws Exception {
        var call =
            io.grpc.reflection.v1alpha.ServerReflectionGrpc.newBlockingV2Stub(channel)
                .serverReflectionInfo();
        call.write(
            io.grpc.reflection.v1alpha.ServerReflectionRequest.parseFrom(question.toByteArray()));
        call.halfClose();
        return ServerReflectionResponse.parseFrom(call.read().toByteArray());
      }
    };

    abstract ServerReflectionResponse ask(ServerReflectionRequest question) throws Exception;
  }

  @BeforeAll
  static void start() {
    AnywireServer server =
        anywire
            .server()
            .service(new LibraryGrpc.LibraryImplBase() {})
            .listen("grpc://127.0.0.1:0")
            .start();
    channel = anywire.channel("grpc://127.0.0.1:" + server.urls().getFirst().host().port());
  }

  @AfterAll
  static void stop() {
    anywire.close();
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void lists_the_services(Version version) throws Exception {
    assertThat(
            version
                .ask(question().setListServices("").build())
                .getListServicesResponse()
                .getServiceList())
        .extracting(ServiceResponse::getName)
        .containsExactlyInAnyOrder(
            LibraryGrpc.SERVICE_NAME,
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection");
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void gives_a_file_by_its_name(Version version) throws Exception {
    assertThat(files(version, question().setFileByFilename(LIBRARY))).contains(LIBRARY);
    assertThat(files(version, question().setFileByFilename("google/api/http.proto")))
        .containsExactly("google/api/http.proto");
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void gives_the_file_that_holds_a_service_a_method_or_a_message(Version version) throws Exception {
    String method = LibraryGrpc.getGetBookMethod().getFullMethodName().replace('/', '.');
    String message = "anywire.http.rest.Book";
    for (String symbol : List.of(LibraryGrpc.SERVICE_NAME, method, message)) {
      assertThat(files(version, question().setFileContainingSymbol(symbol)))
          .as(symbol)
          .contains(LIBRARY);
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void tells_the_extensions_of_a_message(Version version) throws Exception {
    assertThat(
            version
                .ask(question().setAllExtensionNumbersOfType(METHOD_OPTIONS).build())
                .getAllExtensionNumbersResponse()
                .getExtensionNumberList())
        .contains(HTTP_RULE);
    assertThat(files(version, question().setFileContainingExtension(extension(HTTP_RULE))))
        .contains("google/api/annotations.proto");
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void says_not_found_of_what_is_not_there(Version version) throws Exception {
    for (ServerReflectionRequest.Builder unknown :
        List.of(
            question().setFileByFilename("no.proto"),
            question().setFileContainingSymbol("no.Such"),
            question().setFileContainingExtension(extension(1)),
            question().setAllExtensionNumbersOfType("no.Such"))) {
      ServerReflectionResponse response = version.ask(unknown.build());
      assertThat(response.getErrorResponse().getErrorCode())
          .as(unknown.toString())
          .isEqualTo(Status.Code.NOT_FOUND.value());
      assertThat(response.getOriginalRequest()).isEqualTo(unknown.build());
    }
  }

  private static ServerReflectionRequest.Builder question() {
    return ServerReflectionRequest.newBuilder();
  }

  private static ExtensionRequest extension(int number) {
    return ExtensionRequest.newBuilder()
        .setContainingType(METHOD_OPTIONS)
        .setExtensionNumber(number)
        .build();
  }

  private static List<String> files(Version version, ServerReflectionRequest.Builder question)
      throws Exception {
    List<String> names = new ArrayList<>();
    for (ByteString file :
        version.ask(question.build()).getFileDescriptorResponse().getFileDescriptorProtoList()) {
      names.add(FileDescriptorProto.parseFrom(file).getName());
    }
    return names;
  }
}
