package io.anywire.cli.demo;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.anywire.examples.shop.v1.Order;
import io.anywire.examples.shop.v1.OrderServiceGrpc;
import io.anywire.examples.shop.v1.User;
import io.anywire.examples.shop.v1.UserServiceGrpc;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Checks that it does not matter which wire something is done on. */
final class ResourceChecks {
  private final Wires wires;
  private final Checks checks;
  private final String readers;

  ResourceChecks(Wires wires, Checks checks) {
    this.wires = wires;
    this.checks = checks;
    this.readers = wires.reading().stream().map(Wires.Pair::wire).collect(Collectors.joining(", "));
  }

  void run() {
    for (Wires.Pair pair : wires.pairs()) {
      String over = "over " + pair.wire();
      checks.check("a user created " + over + " is the same over " + readers, () -> user(pair));
      checks.check("a user changed " + over + " is the same over " + readers, () -> renamed(pair));
      checks.check("a user deleted " + over + " is gone over " + readers, () -> userGone(pair));
      checks.check("an order placed " + over + " is the same over " + readers, () -> order(pair));
      checks.check("an order changed " + over + " is the same over " + readers, () -> sized(pair));
      checks.check("an order deleted " + over + " is gone over " + readers, () -> orderGone(pair));
    }
    ErrorChecks errors = new ErrorChecks(wires);
    checks.check("NOT_FOUND is equal over " + readers, errors::notFound);
    checks.check("INVALID_ARGUMENT is equal, with fields, over " + readers, errors::invalid);
    checks.check("ALREADY_EXISTS is equal over " + readers, errors::alreadyExists);
    checks.check("an order for nobody is refused equally over " + readers, errors::unknownUser);
  }

  private void user(Wires.Pair pair) {
    User created = createUser(pair);
    forEachReader(reader -> Checks.requireEqual(getUser(reader, created), created, reader.wire()));
  }

  private void renamed(Wires.Pair pair) {
    User created = createUser(pair);
    User renamed =
        pair.users()
            .call(
                UserServiceGrpc.getUpdateUserMethod(),
                Samples.renameUser(created.getId(), "Grace"));
    Checks.requireEqual(renamed, created.toBuilder().setName("Grace").build(), pair.wire());
    forEachReader(reader -> Checks.requireEqual(getUser(reader, created), renamed, reader.wire()));
  }

  private void userGone(Wires.Pair pair) {
    User created = createUser(pair);
    pair.users().call(UserServiceGrpc.getDeleteUserMethod(), Samples.deleteUser(created.getId()));
    forEachReader(reader -> requireGone(reader.users(), way -> getUser(reader, created)));
  }

  private void order(Wires.Pair pair) {
    Order placed = createOrder(pair);
    forEachReader(reader -> Checks.requireEqual(getOrder(reader, placed), placed, reader.wire()));
  }

  private void sized(Wires.Pair pair) {
    Order placed = createOrder(pair);
    Order sized =
        pair.orders()
            .call(OrderServiceGrpc.getUpdateOrderMethod(), Samples.resizeOrder(placed.getId(), 7));
    Checks.requireEqual(sized, placed.toBuilder().setQuantity(7).build(), pair.wire());
    forEachReader(reader -> Checks.requireEqual(getOrder(reader, placed), sized, reader.wire()));
  }

  private void orderGone(Wires.Pair pair) {
    Order placed = createOrder(pair);
    pair.orders()
        .call(OrderServiceGrpc.getDeleteOrderMethod(), Samples.deleteOrder(placed.getId()));
    forEachReader(reader -> requireGone(reader.orders(), way -> getOrder(reader, placed)));
  }

  private void forEachReader(Consumer<Wires.Pair> check) {
    wires.reading().forEach(check);
  }

  private static void requireGone(Way way, Function<Way, ?> read) {
    Status status = Errors.of(way, read);
    Checks.requireEqual(Code.forNumber(status.getCode()), Code.NOT_FOUND, way.wire());
  }

  private static User createUser(Wires.Pair pair) {
    String id = Samples.id(pair.wire());
    return pair.users().call(UserServiceGrpc.getCreateUserMethod(), Samples.createUser(id));
  }

  private static Order createOrder(Wires.Pair pair) {
    String user = createUser(pair).getId();
    String id = Samples.id(pair.wire());
    return pair.orders()
        .call(OrderServiceGrpc.getCreateOrderMethod(), Samples.createOrder(id, user));
  }

  private static User getUser(Wires.Pair pair, User user) {
    return pair.users().call(UserServiceGrpc.getGetUserMethod(), Samples.getUser(user.getId()));
  }

  private static Order getOrder(Wires.Pair pair, Order order) {
    return pair.orders()
        .call(OrderServiceGrpc.getGetOrderMethod(), Samples.getOrder(order.getId()));
  }

  /** The wires on which errors are compared. */
  private record ErrorChecks(Wires wires) {
    void notFound() {
      String nobody = Samples.id("nobody");
      Status error =
          Errors.equalOn(
              users(),
              way -> way.call(UserServiceGrpc.getGetUserMethod(), Samples.getUser(nobody)));
      requireCode(error, Code.NOT_FOUND);
    }

    void invalid() {
      var request = Samples.createUser(Samples.id("invalid")).toBuilder();
      request.getUserBuilder().setName("").setEmail("nowhere");
      Status error =
          Errors.equalOn(
              users(), way -> way.call(UserServiceGrpc.getCreateUserMethod(), request.build()));
      requireCode(error, Code.INVALID_ARGUMENT);
      Checks.require(error.getDetailsCount() > 0, "no details (expected: the fields)");
    }

    void alreadyExists() {
      String taken = Samples.id("taken");
      wires.grpc().users().call(UserServiceGrpc.getCreateUserMethod(), Samples.createUser(taken));
      Status error =
          Errors.equalOn(
              users(),
              way -> way.call(UserServiceGrpc.getCreateUserMethod(), Samples.createUser(taken)));
      requireCode(error, Code.ALREADY_EXISTS);
    }

    void unknownUser() {
      String order = Samples.id("order");
      String nobody = Samples.id("nobody");
      Status error =
          Errors.equalOn(
              wires.reading().stream().map(Wires.Pair::orders).toList(),
              way ->
                  way.call(
                      OrderServiceGrpc.getCreateOrderMethod(), Samples.createOrder(order, nobody)));
      requireCode(error, Code.NOT_FOUND);
    }

    private List<Way> users() {
      return wires.reading().stream().map(Wires.Pair::users).toList();
    }

    private static void requireCode(Status error, Code code) {
      Checks.requireEqual(Code.forNumber(error.getCode()), code, "code");
    }
  }
}
