package io.anywire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong, as a table: the exit code, and one line that says what to do about it. */
class WrongUseTest {
  @TempDir static Path folder;
  private static LiveShop shop;
  private static ServerSocket taken;

  /** A port on which nothing listens any more. */
  private static int free;

  @BeforeAll
  static void start() throws IOException {
    shop = new LiveShop(folder);
    taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    Files.writeString(folder.resolve("not.ds"), "hello");
  }

  @AfterAll
  static void stop() throws IOException {
    shop.close();
    taken.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          2 | fly                                                           | 'fly'
          2 | call shop.v1.Greeter/SayHello                                 | --to
          2 | call shop.v1.Greeter/SayHello --to pigeon://x                 | no wire has the scheme 'pigeon'
          2 | call shop.v1.Greeter/SayHello --to nowhere                    | no scheme
          2 | call shop.v1.Greeter/SayHello --to GRPC --timeout soon        | 'soon' (expected: a time above 0
          2 | call shop.v1.Greeter --to GRPC                                | SERVICE/METHOD
          2 | call shop.v1.UserService/GetUsr --to GRPC                     | did you mean 'GetUser'?
          2 | call shop.v1.UserServise/GetUser --to HTTP                    | did you mean 'shop.v1.UserService'?
          2 | call shop.v1.UserService/Fly --to BROKER                      | CreateUser, GetUser, ListUsers
          2 | call shop.v1.UserService/GetUser --to GRPC -d {"id":5,        | --data for shop.v1.GetUserRequest
          2 | call shop.v1.UserService/CreateUser --to GRPC -d {"user":{"name":[]}} | user.name
          2 | call shop.v1.UserService/GetUser --to GRPC -d @/no/such/file  | cannot be read
          2 | call shop.v1.UserService/GetUser --to GRPC --proto FOLDER/not.ds | not.ds: no descriptor set
          2 | call shop.v1.UserService/GetUser --to GRPC --reflect BROKER   | expected: a grpc: or http: URL
          2 | call shop.v1.UserService/GetUser --to memory:                 | seen by its own process only
          2 | enqueue shop.v1.UserService/CreateUser --at HTTP              | no broker has the scheme 'http'
          1 | enqueue shop.v1.UserEvents/UserDeleted --at BROKER            | UNIMPLEMENTED
          1 | publish shop.v1.UserService/GetUser --at BROKER               | UNIMPLEMENTED
          2 | subscribe shop.v1.UserService --at BROKER --application a     | no event contract
          2 | subscribe shop.v1.UserEvents --at BROKER --application a/b    | application: 'a/b'
          2 | topics                                                        | --at
          2 | topics --at memory:                                           | seen by its own process only
          2 | topics --at HTTP                                              | no broker has the scheme 'http'
          2 | backlog shop.v1.UserServise --at BROKER                       | did you mean 'shop.v1.UserService'?
          2 | backlog shop.v1.UserService --at BROKER --kind heap           | 'heap' (expected: queue, events or calls)
          2 | peek shop.v1.UserService --at BROKER --count 0                | --count: 0 (expected: >= 1)
          2 | peek --at BROKER                                              | TOPIC
          2 | dead-letters shop.v1.UserService --at BROKER --code NOTFOUND  | did you mean 'NOT_FOUND'?
          2 | dead-letters shop.v1.UserService --at BROKER --before noon    | --before
          2 | purge shop.v1.UserService --at BROKER --id a                  | expected: --dead-letters
          2 | seek shop.v1.UserEvents --at BROKER --to noon                 | expected: beginning, now, or a time
          1 | seek shop.v1.UserService --at BROKER --to now                 | INVALID_ARGUMENT
          3 | topics --at anywire://127.0.0.1:FREE                          | no broker answers
          3 | call shop.v1.Greeter/SayHello --to http://127.0.0.1:FREE      | refused
          3 | call shop.v1.Greeter/SayHello --to grpc://127.0.0.1:FREE      | refused
          3 | call shop.v1.Greeter/SayHello --to anywire://127.0.0.1:FREE   | no broker answers at anywire://127.0.0.1:
          3 | enqueue shop.v1.UserService/CreateUser --at anywire://127.0.0.1:FREE | no broker answers
          3 | publish shop.v1.UserEvents/UserDeleted --at anywire://127.0.0.1:FREE | no broker answers
          1 | call shop.v1.OrderService/ListOrders --to BROKER              | {"code":"UNAVAILABLE"
          3 | broker --listen http://127.0.0.1:TAKEN                        | in use
          2 | broker --listen memory:                                       | expected: an http: URL
          2 | broker --store pigeon:                                        | no broker has the scheme 'pigeon'
          3 | demo --ports TAKEN                                            | is in use
          2 | demo --ports 70000                                            | expected: 0 to 65533
          2 | demo --broker memory:                                         | seen by one process only
          """)
  void ends_with_an_exit_code_and_one_line(int exitCode, String command, String says) {
    Ran ran = Ran.anywire(args(command));

    assertThat(ran.err()).contains(says);
    assertThat(ran.errLines()).as(ran.err()).hasSize(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.exitCode()).isEqualTo(exitCode);
  }

  @Test
  void shows_a_stack_trace_only_when_asked_to() {
    Ran ran = Ran.anywire("call", "a.B/C", "--to", "grpc://127.0.0.1:" + free, "--stacktrace");

    assertThat(ran.err()).contains("\tat io.anywire.cli");
  }

  @Test
  void help_names_examples_and_exit_codes() {
    for (String command :
        List.of(
            "demo",
            "broker",
            "call",
            "enqueue",
            "publish",
            "subscribe",
            "topics",
            "subscriptions",
            "backlog",
            "peek",
            "tail",
            "dead-letters",
            "replay",
            "purge",
            "seek")) {
      Ran ran = Ran.anywire(command, "--help");
      assertThat(ran.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(ran.out()).contains("Example", "anywire " + command, "Exit codes:");
    }
    assertThat(Ran.anywire().out()).contains("Begin here:", "Exit codes:");
  }

  private static String[] args(String command) {
    return command
        .replace("HTTP", shop.http())
        .replace("GRPC", shop.grpc())
        .replace("BROKER", shop.broker())
        .replace("FREE", "" + free)
        .replace("TAKEN", "" + taken.getLocalPort())
        .replace("FOLDER", folder.toString())
        .split(" +");
  }
}
