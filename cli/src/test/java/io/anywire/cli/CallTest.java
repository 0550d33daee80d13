package io.anywire.cli;

import static io.anywire.cli.Ran.anywire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.anywire.examples.shop.v1.CreateUserRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallTest {
  @TempDir static Path folder;
  private static LiveShop shop;

  @BeforeAll
  static void start() {
    shop = new LiveShop(folder);
  }

  @AfterAll
  static void stop() {
    shop.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "grpc", "broker"})
  void calls_a_method_over_every_wire(String wire) {
    Ran ran =
        anywire("call", "shop.v1.Greeter/SayHello", "--to", url(wire), "-d", "{\"name\":\"Ada\"}");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).contains("Ada").startsWith("{\"message\":").endsWith("}\n");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.OK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "grpc", "broker"})
  void prints_an_error_as_json_and_ends_with_1(String wire) {
    Ran ran =
        anywire(
            "call", "shop.v1.UserService/GetUser", "--to", url(wire), "-d", "{\"id\":\"nobody\"}");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.errLines()).hasSize(1);
    assertThat(ran.err())
        .startsWith("{\"code\":\"NOT_FOUND\",\"message\":\"")
        .contains("\"reason\":\"USER_NOT_FOUND\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "grpc", "broker"})
  void explains_the_way_of_a_call(String wire) {
    Ran ran =
        anywire(
            "call",
            "shop.v1.UserService/ListUsers",
            "--to",
            url(wire),
            "--explain",
            "--timeout",
            "10s");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(ran.err()).contains("contract  ").contains("codec     ").contains("answer    OK");
    String way =
        switch (wire) {
          case "http" -> "GET /users";
          case "grpc" -> "POST /shop.v1.UserService/ListUsers";
          default -> "queue     shop.v1.UserService.rpc";
        };
    assertThat(ran.err()).contains(way);
  }

  @Test
  void reads_the_request_from_a_file_and_from_standard_input() throws IOException {
    String json = "{\"name\": \"Grace\"}";
    Path file = Files.writeString(folder.resolve("request.json"), json);
    String[] call = {"call", "shop.v1.Greeter/SayHello", "--to", shop.grpc(), "-d"};

    assertThat(anywire(with(call, "@" + file)).out()).contains("Grace");
    assertThat(Ran.withInput(json, with(call, "-")).out()).contains("Grace");
  }

  @Test
  void takes_the_contract_from_a_descriptor_file_with_its_rest_routes() throws IOException {
    Path file = folder.resolve("shop.ds");
    Files.write(file, descriptors(CreateUserRequest.getDescriptor().getFile()).toByteArray());

    Ran ran =
        anywire(
            "call",
            "shop.v1.UserService/ListUsers",
            "--to",
            shop.http(),
            "--proto",
            file.toString(),
            "--explain");

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.OK);
    assertThat(ran.err()).contains("contract  " + file).contains("GET /users");
  }

  @Test
  void takes_the_contract_from_another_server_by_reflection() {
    Ran ran =
        anywire(
            "call",
            "shop.v1.UserService/ListUsers",
            "--to",
            shop.broker(),
            "--reflect",
            shop.grpc(),
            "--explain");

    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.OK);
    assertThat(ran.err()).contains("server reflection at " + shop.grpc());
  }

  @Test
  void leaves_a_task_and_prints_its_id_or_its_result() {
    String user = "{\"user\":{\"id\":\"%s\",\"name\":\"Ada\",\"email\":\"%s@example.org\"}}";
    String[] enqueue = {"enqueue", "shop.v1.UserService/CreateUser", "--at", shop.broker(), "-d"};

    Ran id = anywire(with(enqueue, user.formatted("task-1", "task-1")));
    assertThat(id.exitCode()).as(id.err()).isEqualTo(ExitCode.OK);
    assertThat(id.out().strip()).isNotEmpty().doesNotContain(" ");

    Ran result =
        anywire(with(enqueue, user.formatted("task-2", "task-2"), "--wait", "20s", "--explain"));
    assertThat(result.out()).contains("\"id\":\"task-2\"");
    assertThat(result.err())
        .contains("queue     shop.v1.UserService")
        .contains("policy    3 attempts");

    Ran taken = anywire(with(enqueue, user.formatted("task-2", "other"), "--wait", "20s"));
    assertThat(taken.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(taken.err()).contains("ALREADY_EXISTS");
  }

  @Test
  void publishes_events_to_whoever_subscribed() throws Exception {
    CompletableFuture<Ran> subscriber =
        CompletableFuture.supplyAsync(() ->
            anywire(
                "subscribe",
                "shop.v1.OrderEvents",
                "--at",
                shop.broker(),
                "--application",
                "watcher",
                "--count",
                "1"));
    // Whatever is published before the subscription is there does not reach it.
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          Ran ran =
              anywire(
                  "publish",
                  "shop.v1.OrderEvents/OrderCancelled",
                  "--at",
                  shop.broker(),
                  "-d",
                  "{\"orderId\":\"o1\",\"reason\":\"test\"}",
                  "--explain");
          assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.OK);
          assertThat(ran.out().strip()).isNotEmpty();
          assertThat(ran.err()).contains("topic     shop.v1.OrderEvents");
          return subscriber.isDone();
        });

    Ran ran = subscriber.get(10, TimeUnit.SECONDS);
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(ExitCode.OK);
    assertThat(ran.out().lines()).hasSize(1);
    assertThat(ran.out())
        .startsWith("{\"method\":\"OrderCancelled\",\"id\":\"")
        .contains("\"data\":{\"orderId\":\"o1\"");
  }

  private static String url(String wire) {
    return switch (wire) {
      case "http" -> shop.http();
      case "grpc" -> shop.grpc();
      default -> shop.broker();
    };
  }

  private static String[] with(String[] args, String... more) {
    String[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return all;
  }

  private static FileDescriptorSet descriptors(FileDescriptor file) {
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    file.getDependencies().forEach(d -> set.addAllFile(descriptors(d).getFileList()));
    return set.addFile(file.toProto()).build();
  }
}
