package io.anywire.examples.shop.users;

import com.google.protobuf.Empty;
import io.anywire.examples.shop.request.Page;
import io.anywire.examples.shop.request.Refusals;
import io.anywire.examples.shop.request.UpdateMask;
import io.anywire.examples.shop.request.Violations;
import io.anywire.examples.shop.storage.Database;
import io.anywire.examples.shop.storage.Outbox;
import io.anywire.examples.shop.storage.UniqueViolation;
import io.anywire.examples.shop.v1.CreateUserRequest;
import io.anywire.examples.shop.v1.DeleteUserRequest;
import io.anywire.examples.shop.v1.GetUserRequest;
import io.anywire.examples.shop.v1.ListUsersRequest;
import io.anywire.examples.shop.v1.ListUsersResponse;
import io.anywire.examples.shop.v1.UpdateUserRequest;
import io.anywire.examples.shop.v1.User;
import io.anywire.examples.shop.v1.UserCreatedEvent;
import io.anywire.examples.shop.v1.UserDeletedEvent;
import io.anywire.examples.shop.v1.UserEventsGrpc;
import io.anywire.examples.shop.v1.UserServiceHandler;
import io.grpc.StatusRuntimeException;
import java.util.List;

/** The users of the shop, the same over every wire. Thread-safe. */
public final class UserHandler implements UserServiceHandler {
  private final Database database;
  private final Outbox outbox;

  /** Keeps users in {@code database}, and tells of them through {@code outbox}. */
  public UserHandler(Database database, Outbox outbox) {
    this.database = database;
    this.outbox = outbox;
  }

  @Override
  public User createUser(CreateUserRequest request) {
    User user = UserRules.created(request);
    try {
      return database.transaction(tx -> {
        UserTable.insert(tx, user);
        UserCreatedEvent event = UserCreatedEvent.newBuilder().setUser(user).build();
        outbox.add(tx, UserEventsGrpc.getUserCreatedMethod(), event);
        return user;
      });
    } catch (UniqueViolation e) {
      throw exists(user.getId())
          ? Refusals.alreadyExists("ID_TAKEN", "the id '" + user.getId() + "' is taken")
          : emailTaken(user.getEmail());
    }
  }

  @Override
  public User getUser(GetUserRequest request) {
    new Violations().id("id", request.getId()).throwIfAny();
    return database
        .transaction(tx -> UserTable.find(tx, request.getId()))
        .orElseThrow(() -> notFound(request.getId()));
  }

  @Override
  public ListUsersResponse listUsers(ListUsersRequest request) {
    Page page = Page.of(request.getPageSize(), request.getPageToken());
    List<User> users = database.transaction(tx -> UserTable.list(tx, page));
    return ListUsersResponse.newBuilder()
        .addAllUsers(page.shown(users))
        .setNextPageToken(page.nextToken(users, User::getId))
        .build();
  }

  @Override
  public User updateUser(UpdateUserRequest request) {
    UpdateMask mask = UserRules.mask(request);
    User given = request.getUser();
    try {
      return database.transaction(tx -> {
        User user = UserTable.lock(tx, given.getId()).orElseThrow(() -> notFound(given.getId()));
        User updated = UserRules.updated(user, given, mask);
        UserTable.update(tx, updated);
        return updated;
      });
    } catch (UniqueViolation e) {
      throw emailTaken(given.getEmail());
    }
  }

  @Override
  public Empty deleteUser(DeleteUserRequest request) {
    String id = request.getId();
    new Violations().id("id", id).throwIfAny();
    return database.transaction(tx -> {
      if (!UserTable.delete(tx, id)) {
        throw notFound(id);
      }
      UserDeletedEvent event = UserDeletedEvent.newBuilder().setUserId(id).build();
      outbox.add(tx, UserEventsGrpc.getUserDeletedMethod(), event);
      return Empty.getDefaultInstance();
    });
  }

  private boolean exists(String id) {
    return database.transaction(tx -> UserTable.find(tx, id)).isPresent();
  }

  private static StatusRuntimeException notFound(String id) {
    return Refusals.notFound("USER_NOT_FOUND", "user", id);
  }

  private static StatusRuntimeException emailTaken(String email) {
    return Refusals.alreadyExists("EMAIL_TAKEN", "the e-mail address '" + email + "' is taken");
  }
}
