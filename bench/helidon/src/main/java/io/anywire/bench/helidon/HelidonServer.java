package io.anywire.bench.helidon;

import io.anywire.bench.server.Greeter;
import io.anywire.bench.server.PemFiles;
import io.anywire.bench.v1.GreeterProto;
import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.TlsConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.grpc.GrpcRouting;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import jakarta.json.Json;
import jakarta.json.JsonBuilderFactory;
import java.util.Map;

/**
 * Helidon SE, with each request on a virtual thread; the second argument chooses what it serves.
 */
public final class HelidonServer {
  private static final JsonBuilderFactory JSON = Json.createBuilderFactory(Map.of());

  /** Helidon refuses to deserialise anything, and so what the measurement asks over JMX. */
  private static final String FOR_JMX = "java.**;javax.management.**";

  private HelidonServer() {}

  /** Serves on 127.0.0.1 and the port that is the first argument, until the process is killed. */
  public static void main(String[] args) {
    System.setProperty("helidon.serialFilter.pattern", FOR_JMX);
    WebServerConfig.Builder builder =
        WebServer.builder().host("127.0.0.1").port(Integer.parseInt(args[0]));
    PemFiles.given().ifPresent(files -> builder.tls(tls -> useFiles(tls, files)));
    switch (args[1]) {
      case "rest" ->
          builder.addRouting(HttpRouting.builder().get("/hello/{name}", HelidonServer::hello));
      case "grpc" ->
          builder.addRouting(
              GrpcRouting.builder().service(GreeterProto.getDescriptor(), new Greeter()));
      default ->
          throw new IllegalArgumentException("service: " + args[1] + " (expected: rest or grpc)");
    }
    builder.build().start();
  }

  private static void useFiles(TlsConfig.Builder tls, PemFiles files) {
    Keys keys =
        Keys.builder()
            .pem(pem ->
                pem.key(Resource.create(files.key()))
                    .certChain(Resource.create(files.certificate())))
            .build();
    tls.privateKey(keys).privateKeyCertChain(keys);
  }

  private static void hello(ServerRequest request, ServerResponse response) {
    String name = request.path().pathParameters().get("name");
    response.send(JSON.createObjectBuilder().add("message", "Hello, " + name).build());
  }
}
