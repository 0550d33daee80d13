package io.anywire.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import io.anywire.Anywire;
import io.anywire.broker.remote.BrokerHandler;
import io.anywire.examples.shop.v1.CreateUserRequest;
import io.anywire.examples.shop.v1.DeleteUserRequest;
import io.anywire.examples.shop.v1.GetUserRequest;
import io.anywire.examples.shop.v1.ListUsersRequest;
import io.anywire.examples.shop.v1.ListUsersResponse;
import io.anywire.examples.shop.v1.UpdateUserRequest;
import io.anywire.examples.shop.v1.User;
import io.anywire.testing.RabbitMq;
import io.grpc.Channel;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The one idea: a caller changes a URL, and nothing else changes. Every kind of generated stub does
 * the same over every wire, with equal results and equal errors.
 */
class EveryWireTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration IMPATIENCE = Duration.ofMillis(400);

  @TempDir static Path folder;

  private static final Map<Wire, RunningShop> SHOPS = new EnumMap<>(Wire.class);
  private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

  /** How the shop is called. */
  enum Wire {
    HTTP,
    GRPC,
    MEMORY,
    ANYWIRE,
    RABBITMQ;

    String broker() {
      return switch (this) {
        case HTTP, GRPC, MEMORY -> "memory:every-wire-" + this;
        case ANYWIRE -> brokerOfItsOwn();
        case RABBITMQ -> RabbitMq.shared().url();
      };
    }

    String url(RunningShop shop) {
      return switch (this) {
        case HTTP -> shop.usersHttp();
        case GRPC -> RunningShop.grpc(shop.usersHttp());
        case MEMORY, ANYWIRE, RABBITMQ -> shop.broker();
      };
    }
  }

  static Stream<Arguments> everyStubOnEveryWire() {
    return Arrays.stream(Wire.values())
        .flatMap(w -> Arrays.stream(UserCalls.Stub.values()).map(s -> Arguments.of(w, s)));
  }

  @ParameterizedTest
  @MethodSource("everyStubOnEveryWire")
  void a_user_is_created_read_listed_changed_and_deleted(Wire wire, UserCalls.Stub stub)
      throws Exception {
    UserCalls users = stub.on(channel(wire), PATIENCE);
    String id = id("crud", wire, stub);

    User created = users.create(create(id, "Ada", id + "@example.org"));
    assertThat(created.getId()).isEqualTo(id);
    assertThat(created.hasCreateTime()).isTrue();
    assertThat(users.get(get(id))).isEqualTo(created);

    User renamed = created.toBuilder().setName("Ada Lovelace").build();
    assertThat(users.update(update(renamed, "name"))).isEqualTo(renamed);
    User replaced = renamed.toBuilder().setName("Countess").setEmail(id + "@example.com").build();
    assertThat(users.update(UpdateUserRequest.newBuilder().setUser(replaced).build()))
        .isEqualTo(replaced);

    users.create(create(id + "-2", "Bob", id + "-2@example.org"));
    ListUsersResponse first = users.list(page(1, ""));
    assertThat(first.getUsersCount()).isEqualTo(1);
    ListUsersResponse rest = users.list(page(1000, first.getNextPageToken()));
    assertThat(Stream.concat(first.getUsersList().stream(), rest.getUsersList().stream()))
        .extracting(User::getId)
        .contains(id, id + "-2")
        .isSorted();
    assertThat(rest.getNextPageToken()).isEmpty();

    users.delete(delete(id));
    users.delete(delete(id + "-2"));
    assertThat(Errors.from(() -> users.get(get(id))))
        .isEqualTo(Errors.of(Code.NOT_FOUND, "USER_NOT_FOUND"));
  }

  @ParameterizedTest
  @MethodSource("everyStubOnEveryWire")
  void an_error_is_the_same_error_everywhere(Wire wire, UserCalls.Stub stub) throws Exception {
    UserCalls users = stub.on(channel(wire), PATIENCE);
    String id = id("error", wire, stub);
    users.create(create(id, "Ada", id + "@example.org"));

    Errors notFound = Errors.of(Code.NOT_FOUND, "USER_NOT_FOUND");
    assertThat(Errors.from(() -> users.get(get("nobody")))).isEqualTo(notFound);
    assertThat(Errors.from(() -> users.delete(delete("nobody")))).isEqualTo(notFound);
    assertThat(Errors.from(() -> users.create(create(id, "Eve", "eve@example.org"))))
        .isEqualTo(Errors.of(Code.ALREADY_EXISTS, "ID_TAKEN"));
    assertThat(Errors.from(() -> users.create(create("", "Eve", id + "@example.org"))))
        .isEqualTo(Errors.of(Code.ALREADY_EXISTS, "EMAIL_TAKEN"));
    assertThat(Errors.from(() -> users.create(create("Not an id", "", "nowhere"))))
        .isEqualTo(Errors.invalid("user.id", "user.name", "user.email"));
    User user = User.newBuilder().setId(id).setName("").build();
    assertThat(Errors.from(() -> users.update(update(user, "name", "colour"))))
        .isEqualTo(Errors.invalid("user.name", "update_mask"));
    users.delete(delete(id));
  }

  @ParameterizedTest
  @MethodSource("everyStubOnEveryWire")
  void a_call_that_takes_too_long_ends_at_its_deadline(Wire wire, UserCalls.Stub stub)
      throws Exception {
    UserCalls users = stub.on(channel(wire), PATIENCE);
    String id = id("slow", wire, stub);
    User user = users.create(create(id, "Ada", id + "@example.org"));

    try (Connection other = DriverManager.getConnection(database(wire));
        PreparedStatement lock =
            other.prepareStatement("SELECT id FROM users WHERE id = ? FOR UPDATE")) {
      other.setAutoCommit(false);
      lock.setString(1, id);
      lock.executeQuery();
      UserCalls impatient = stub.on(channel(wire), IMPATIENCE);
      assertThat(Errors.from(() -> impatient.update(update(user, "name"))))
          .isEqualTo(Errors.of(Code.DEADLINE_EXCEEDED));
      other.rollback();
    }
  }

  @AfterAll
  static void close() throws Exception {
    for (RunningShop shop : SHOPS.values()) {
      shop.close();
    }
    for (AutoCloseable open : OPEN) {
      open.close();
    }
  }

  private static Channel channel(Wire wire) {
    RunningShop shop = SHOPS.computeIfAbsent(wire, w -> RunningShop.start(w.broker(), database(w)));
    return shop.caller().channel(wire.url(shop));
  }

  private static String database(Wire wire) {
    return "jdbc:h2:file:" + folder.resolve("" + wire) + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
  }

  private static String brokerOfItsOwn() {
    Anywire host = Anywire.builder().build();
    OPEN.add(host);
    return host.server()
        .service(new BrokerHandler(host.broker("memory:behind-anywire")))
        .listen("http://127.0.0.1:0")
        .drainLimit(Duration.ofMillis(100)) // its clients' subscriptions never end by themselves
        .start()
        .urls()
        .get(0)
        .toString()
        .replace("http://", "anywire://");
  }

  private static String id(String what, Wire wire, UserCalls.Stub stub) {
    return (what + "-" + wire + "-" + stub).toLowerCase().replace('_', '-');
  }

  private static CreateUserRequest create(String id, String name, String email) {
    return CreateUserRequest.newBuilder()
        .setUser(User.newBuilder().setId(id).setName(name).setEmail(email))
        .build();
  }

  private static GetUserRequest get(String id) {
    return GetUserRequest.newBuilder().setId(id).build();
  }

  private static DeleteUserRequest delete(String id) {
    return DeleteUserRequest.newBuilder().setId(id).build();
  }

  private static ListUsersRequest page(int size, String token) {
    return ListUsersRequest.newBuilder().setPageSize(size).setPageToken(token).build();
  }

  private static UpdateUserRequest update(User user, String... mask) {
    return UpdateUserRequest.newBuilder()
        .setUser(user)
        .setUpdateMask(FieldMask.newBuilder().addAllPaths(Arrays.asList(mask)))
        .build();
  }
}
