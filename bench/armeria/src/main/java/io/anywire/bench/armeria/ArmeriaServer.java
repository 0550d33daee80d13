package io.anywire.bench.armeria;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.ProducesJson;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.grpc.GrpcServiceBuilder;
import io.anywire.bench.server.Greeter;
import io.anywire.bench.server.PemFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Armeria, with handlers on its event loop; the second argument chooses what it serves. */
public final class ArmeriaServer {
  private ArmeriaServer() {}

  /** Serves on 127.0.0.1 and the port that is the first argument, until the process is killed. */
  public static void main(String[] args) {
    ServerBuilder builder = Server.builder();
    listen(builder, Integer.parseInt(args[0]));
    switch (args[1]) {
      case "annotated" -> builder.annotatedService(new Annotated());
      case "grpc" -> builder.service(grpc().build());
      case "transcoding" -> builder.service(grpc().enableHttpJsonTranscoding(true).build());
      default ->
          throw new IllegalArgumentException(
              "service: " + args[1] + " (expected: annotated, grpc or transcoding)");
    }
    builder.build().start().join();
  }

  private static void listen(ServerBuilder builder, int port) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    Optional<PemFiles> pem = PemFiles.given();
    builder.port(address, pem.isPresent() ? SessionProtocol.HTTPS : SessionProtocol.HTTP);
    pem.ifPresent(
        files -> builder.tls(TlsKeyPair.of(files.key().toFile(), files.certificate().toFile())));
  }

  private static GrpcServiceBuilder grpc() {
    return GrpcService.builder().addService(new Greeter());
  }

  /** An annotated service, whose answer Jackson writes. */
  static final class Annotated {
    @Get("/hello/{name}")
    @ProducesJson
    public Hello hello(@Param("name") String name) {
      return new Hello("Hello, " + name);
    }
  }

  /** Public, for Jackson to read. */
  public record Hello(String message) {}
}
