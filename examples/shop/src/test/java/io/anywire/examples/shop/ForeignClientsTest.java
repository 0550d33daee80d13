package io.anywire.examples.shop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.Anywire;
import io.anywire.examples.shop.v1.GreeterGrpc;
import io.anywire.examples.shop.v1.HelloRequest;
import io.anywire.testing.LocalProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that know nothing of this project, only the contract. */
class ForeignClientsTest {
  private static final List<String> PROTOS =
      List.of(
          "shop/v1/users.proto",
          "shop/v1/greeter.proto",
          "anywire/annotations.proto",
          "google/api/annotations.proto",
          "google/api/field_behavior.proto",
          "google/api/http.proto");
  private static final List<String> OTHER_PROTOS =
      List.of("google/rpc/error_details.proto", "grpc/health/v1/health.proto");
  private static final List<String> STANDARD_PROTOS =
      List.of(
          "google/protobuf/descriptor.proto",
          "google/protobuf/duration.proto",
          "google/protobuf/empty.proto",
          "google/protobuf/field_mask.proto",
          "google/protobuf/timestamp.proto");

  @TempDir static Path folder;
  private static Path protos;
  private static RunningShop shop;

  @BeforeAll
  static void start() throws IOException {
    protos = folder.resolve("protos");
    for (String proto : PROTOS) {
      copy(proto, protos.resolve(proto));
    }
    for (String proto : concat(OTHER_PROTOS, STANDARD_PROTOS)) {
      copy(proto, protos.resolve(proto));
    }
    shop = RunningShop.start("memory:foreign-clients", folder.resolve("data").toString());
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  @Test
  void curl_calls_by_the_routes_of_the_contract() throws Exception {
    String users = shop.usersHttp() + "/users";
    String ada = "{\"id\": \"curl\", \"name\": \"Ada\", \"email\": \"curl@example.org\"}";
    assertThat(curl("-i", "-d", ada, users))
        .startsWith("HTTP/1.1 201")
        .containsIgnoringCase("location: /users/curl")
        .contains("\"email\":\"curl@example.org\"");
    assertThat(curl("-i", "-d", ada, users))
        .startsWith("HTTP/1.1 409")
        .containsIgnoringCase("content-type: application/problem+json")
        .contains("ID_TAKEN");
    assertThat(curl(users + "/curl")).contains("\"name\":\"Ada\"");
    assertThat(curl(users + "?page_size=1000")).contains("\"id\":\"curl\"");
    assertThat(curl("-X", "PATCH", "-d", "{\"name\": \"Countess\"}", users + "/curl"))
        .contains("\"name\":\"Countess\"", "\"email\":\"curl@example.org\"");
    assertThat(curl("-i", "-X", "PUT", "-d", "{\"name\": \"Ada\"}", users + "/curl"))
        .startsWith("HTTP/1.1 400")
        .contains("user.email");
    String replaced = "{\"name\": \"Ada\", \"email\": \"ada@example.org\"}";
    assertThat(curl("-X", "PUT", "-d", replaced, users + "/curl")).contains("ada@example.org");
    String order = "{\"userId\": \"curl\", \"item\": \"tea\", \"quantity\": 2}";
    assertThat(curl("-i", "-d", order, shop.ordersHttp() + "/orders"))
        .startsWith("HTTP/1.1 201")
        .contains("\"state\":\"OPEN\"");
    assertThat(curl("-i", "-X", "DELETE", users + "/curl")).startsWith("HTTP/1.1 200");
    assertThat(curl("-i", users + "/curl")).startsWith("HTTP/1.1 404");
    assertThat(curl("-i", "-X", "DELETE", users)).startsWith("HTTP/1.1 405");
    assertThat(curl(shop.usersHttp() + "/hello/Ada")).contains("Hello, Ada!");
  }

  @Test
  void python_calls_with_code_that_protoc_generates() throws Exception {
    Path generated = Files.createDirectories(folder.resolve("python"));
    String out = generated.toString();
    List<String> protoc =
        List.of(
            "protoc",
            "-I" + protos,
            "--python_out=" + out,
            "--grpc_python_out=" + out,
            "--plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin");
    run(folder, Map.of(), concat(protoc, PROTOS));
    Path client = copy("clients/client.py", folder.resolve("client.py"));

    String said =
        run(
            folder,
            Map.of("PYTHONPATH", out),
            List.of("/usr/bin/python3", client.toString(), target()));

    assertThat(said).isEqualTo(expected("python", "py"));
  }

  @Test
  void a_cpp_client_greets_us_and_we_greet_a_cpp_server() throws Exception {
    String greeter = compiledGreeter();

    assertThat(run(folder, Map.of(), List.of(greeter, "client", target(), "Ada", "Grace")))
        .isEqualTo("Hello, Ada!\nHello, Grace!\n");

    try (LocalProcess server =
            LocalProcess.start("greeter", new ProcessBuilder(greeter, "server"));
        Anywire anywire = Anywire.builder().build()) {
      String port =
          server.awaitLine(Pattern.compile("port (\\d+)"), Duration.ofSeconds(30)).group(1);
      GreeterGrpc.GreeterBlockingStub stub =
          GreeterGrpc.newBlockingStub(anywire.channel("grpc://127.0.0.1:" + port))
              .withDeadlineAfter(20, TimeUnit.SECONDS);
      assertThat(stub.sayHello(HelloRequest.newBuilder().setName("Ada").build()).getMessage())
          .isEqualTo("Hello from C++, Ada!");
      assertThatThrownBy(() -> stub.sayHello(HelloRequest.getDefaultInstance()))
          .hasMessage("INVALID_ARGUMENT: name: empty (expected: a name)");
    }
  }

  /** Generates and compiles, which takes some 15 s of one processor; its path. */
  private static String compiledGreeter() throws Exception {
    Path generated = Files.createDirectories(folder.resolve("cpp"));
    List<String> protoc =
        List.of(
            "protoc",
            "-I" + protos,
            "--cpp_out=" + generated,
            "--grpc_out=" + generated,
            "--plugin=protoc-gen-grpc=/usr/bin/grpc_cpp_plugin");
    run(
        folder,
        Map.of(),
        concat(
            protoc,
            List.of(
                "google/api/http.proto", "google/api/annotations.proto", "shop/v1/greeter.proto")));
    copy("clients/greeter.cc", generated.resolve("greeter.cc"));
    String compile =
        "g++ -O0 -I. greeter.cc google/api/*.cc shop/v1/*.cc -o greeter"
            + " $(pkg-config --cflags --libs grpc++ protobuf)";
    run(generated, Map.of(), List.of("sh", "-c", compile));
    return generated.resolve("greeter").toString();
  }

  @Test
  void node_calls_with_the_contract_alone() throws Exception {
    Path client = Files.createDirectories(Path.of("target", "node-client").toAbsolutePath());
    copy("clients/package.json", client.resolve("package.json"));
    copy("clients/client.js", client.resolve("client.js"));
    run(client, Map.of(), List.of("npm", "install", "--no-audit", "--no-fund", "--silent"));

    String said = run(client, Map.of(), List.of("node", "client.js", target(), protos.toString()));

    assertThat(said).isEqualTo(expected("node", "js"));
  }

  @Test
  void connect_for_node_calls_by_each_of_its_protocols() throws Exception {
    Path client = connectClient();
    Path descriptors = folder.resolve("shop.binpb");
    List<String> protoc =
        List.of(
            "protoc", "-I" + protos, "--include_imports", "--descriptor_set_out=" + descriptors);
    run(folder, Map.of(), concat(protoc, concat(PROTOS, OTHER_PROTOS)));

    String said =
        run(
            client,
            Map.of(),
            List.of("node", "client.js", shop.usersHttp(), descriptors.toString()));

    assertThat(said.lines())
        .hasSize(11)
        .allSatisfy(line ->
            assertThat(line)
                .endsWith(
                    ": Node js true true AlreadyExists ID_TAKEN NotFound true 1 DeadlineExceeded"))
        .extracting(line -> line.substring(0, line.indexOf(':')))
        .contains(
            "connect HTTP/1.1 JSON",
            "connect HTTP/2 protobuf GET gzip",
            "grpc-web HTTP/1.1",
            "grpc-web HTTP/2",
            "grpc");
  }

  @Test
  void buf_curl_learns_the_contract_by_reflection_and_calls_by_each_protocol() throws Exception {
    Path client = connectClient();
    String service = shop.usersHttp() + "/shop.v1.UserService/";
    for (String protocol : List.of("grpc", "grpcweb", "connect")) {
      List<String> buf =
          List.of(
              "node_modules/.bin/buf", "curl", "--http2-prior-knowledge", "--protocol", protocol);
      Map<String, String> home = Map.of("HOME", folder.toString());
      String id = "buf-" + protocol;
      String user =
          "{\"user\": {\"id\": \"%s\", \"name\": \"Buf\", \"email\": \"%s@example.org\"}}"
              .formatted(id, id);
      assertThat(run(client, home, concat(buf, List.of("-d", user, service + "CreateUser"))))
          .contains("\"id\": \"" + id + "\"");
      String get = "{\"id\": \"" + id + "\"}";
      assertThat(run(client, home, concat(buf, List.of("-d", get, service + "GetUser"))))
          .contains("\"email\": \"" + id + "@example.org\"");
      assertThat(run(client, home, concat(buf, List.of("--list-methods", shop.usersHttp()))))
          .contains("shop.v1.UserService/ListUsers", "shop.v1.Greeter/SayHello");
    }
  }

  @Test
  void curl_calls_by_name_in_the_connect_protocol() throws Exception {
    String service = shop.usersHttp() + "/shop.v1.UserService/";
    String user =
        "{\"user\": {\"id\": \"by-name\", \"name\": \"Ada\", \"email\": \"ada@example.org\"}}";
    assertThat(curl("-i", "-d", user, service + "CreateUser"))
        .startsWith("HTTP/1.1 200")
        .contains("\"id\":\"by-name\"");
    assertThat(curl("-i", "-d", user, service + "CreateUser"))
        .startsWith("HTTP/1.1 409")
        .contains("{\"code\":\"already_exists\"", "\"type\":\"google.rpc.ErrorInfo\"", "ID_TAKEN");
    String query = "encoding=json&message=" + URLEncoder.encode("{\"id\": \"by-name\"}", UTF_8);
    assertThat(curl("-i", service + "GetUser?" + query))
        .startsWith("HTTP/1.1 200")
        .contains("\"name\":\"Ada\"");
    assertThat(curl("-i", service + "DeleteUser?" + query)).startsWith("HTTP/1.1 405");
    assertThat(curl("-i", "-H", "connect-timeout-ms: soon", "-d", "{}", service + "ListUsers"))
        .startsWith("HTTP/1.1 400")
        .contains("invalid_argument");
  }

  private static Path connectClient() throws Exception {
    Path client = Files.createDirectories(Path.of("target", "connect-client").toAbsolutePath());
    copy("clients/connect/package.json", client.resolve("package.json"));
    copy("clients/connect/client.js", client.resolve("client.js"));
    run(client, Map.of(), List.of("npm", "install", "--no-audit", "--no-fund", "--silent"));
    return client;
  }

  private static String curl(String... arguments) throws Exception {
    List<String> command =
        List.of("curl", "--silent", "--max-time", "30", "-H", "content-type: application/json");
    return run(folder, Map.of(), concat(command, List.of(arguments)));
  }

  private static String expected(String id, String renamed) {
    return """
    created %s
    renamed %s
    read %s@example.org
    again ALREADY_EXISTS
    gone NOT_FOUND no user has the id '%s'
    """
        .formatted(id, renamed, id, id);
  }

  private static String target() {
    return shop.usersHttp().substring("http://".length());
  }

  /** Runs a program that has to succeed, and returns what it said. */
  private static String run(Path where, Map<String, String> environment, List<String> command)
      throws Exception {
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("%s ends", command).isTrue();
      String said = Files.readString(output, UTF_8);
      assertThat(process.exitValue()).as("%s said %s", command, said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> concat(List<String> first, List<String> second) {
    return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
  }

  private static Path copy(String resource, Path to) throws IOException {
    Files.createDirectories(Objects.requireNonNull(to.getParent()));
    try (InputStream in = ForeignClientsTest.class.getClassLoader().getResourceAsStream(resource)) {
      Files.copy(
          Objects.requireNonNull(in, resource + " is not on the class path"),
          to,
          StandardCopyOption.REPLACE_EXISTING);
    }
    return to;
  }
}
