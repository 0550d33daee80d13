package io.anywire.examples.shop;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Empty;
import io.anywire.examples.shop.v1.CreateUserRequest;
import io.anywire.examples.shop.v1.DeleteUserRequest;
import io.anywire.examples.shop.v1.GetUserRequest;
import io.anywire.examples.shop.v1.ListUsersRequest;
import io.anywire.examples.shop.v1.ListUsersResponse;
import io.anywire.examples.shop.v1.UpdateUserRequest;
import io.anywire.examples.shop.v1.User;
import io.anywire.examples.shop.v1.UserServiceGrpc;
import io.grpc.Channel;
import io.grpc.StatusException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** The user service, called by one kind of generated stub. */
interface UserCalls {
  User create(CreateUserRequest request) throws Exception;

  User get(GetUserRequest request) throws Exception;

  ListUsersResponse list(ListUsersRequest request) throws Exception;

  User update(UpdateUserRequest request) throws Exception;

  Empty delete(DeleteUserRequest request) throws Exception;

  /** The kinds of stubs that are generated. */
  enum Stub {
    BLOCKING {
      @Override
      UserCalls on(Channel channel, Duration deadline) {
        return new Blocking(
            UserServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS));
      }
    },
    BLOCKING_V2 {
      @Override
      UserCalls on(Channel channel, Duration deadline) {
        return new BlockingV2(
            UserServiceGrpc.newBlockingV2Stub(channel)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS));
      }
    },
    FUTURE {
      @Override
      UserCalls on(Channel channel, Duration deadline) {
        return new Future(
            UserServiceGrpc.newFutureStub(channel)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS));
      }
    },
    ASYNC {
      @Override
      UserCalls on(Channel channel, Duration deadline) {
        return new Async(
            UserServiceGrpc.newStub(channel)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS));
      }
    };

    /** Calls over {@code channel}, all of which have to end within {@code deadline} from now. */
    abstract UserCalls on(Channel channel, Duration deadline);
  }

  record Blocking(UserServiceGrpc.UserServiceBlockingStub stub) implements UserCalls {
    @Override
    public User create(CreateUserRequest request) {
      return stub.createUser(request);
    }

    @Override
    public User get(GetUserRequest request) {
      return stub.getUser(request);
    }

    @Override
    public ListUsersResponse list(ListUsersRequest request) {
      return stub.listUsers(request);
    }

    @Override
    public User update(UpdateUserRequest request) {
      return stub.updateUser(request);
    }

    @Override
    public Empty delete(DeleteUserRequest request) {
      return stub.deleteUser(request);
    }
  }

  record BlockingV2(UserServiceGrpc.UserServiceBlockingV2Stub stub) implements UserCalls {
    @Override
    public User create(CreateUserRequest request) throws StatusException {
      return stub.createUser(request);
    }

    @Override
    public User get(GetUserRequest request) throws StatusException {
      return stub.getUser(request);
    }

    @Override
    public ListUsersResponse list(ListUsersRequest request) throws StatusException {
      return stub.listUsers(request);
    }

    @Override
    public User update(UpdateUserRequest request) throws StatusException {
      return stub.updateUser(request);
    }

    @Override
    public Empty delete(DeleteUserRequest request) throws StatusException {
      return stub.deleteUser(request);
    }
  }

  record Future(UserServiceGrpc.UserServiceFutureStub stub) implements UserCalls {
    @Override
    public User create(CreateUserRequest request) throws Exception {
      return joined(stub.createUser(request));
    }

    @Override
    public User get(GetUserRequest request) throws Exception {
      return joined(stub.getUser(request));
    }

    @Override
    public ListUsersResponse list(ListUsersRequest request) throws Exception {
      return joined(stub.listUsers(request));
    }

    @Override
    public User update(UpdateUserRequest request) throws Exception {
      return joined(stub.updateUser(request));
    }

    @Override
    public Empty delete(DeleteUserRequest request) throws Exception {
      return joined(stub.deleteUser(request));
    }

    private static <T> T joined(ListenableFuture<T> future) throws Exception {
      try {
        return future.get(1, TimeUnit.MINUTES);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
    }
  }

  record Async(UserServiceGrpc.UserServiceStub stub) implements UserCalls {
    @Override
    public User create(CreateUserRequest request) throws Exception {
      Answer<User> answer = new Answer<>();
      stub.createUser(request, answer);
      return answer.get();
    }

    @Override
    public User get(GetUserRequest request) throws Exception {
      Answer<User> answer = new Answer<>();
      stub.getUser(request, answer);
      return answer.get();
    }

    @Override
    public ListUsersResponse list(ListUsersRequest request) throws Exception {
      Answer<ListUsersResponse> answer = new Answer<>();
      stub.listUsers(request, answer);
      return answer.get();
    }

    @Override
    public User update(UpdateUserRequest request) throws Exception {
      Answer<User> answer = new Answer<>();
      stub.updateUser(request, answer);
      return answer.get();
    }

    @Override
    public Empty delete(DeleteUserRequest request) throws Exception {
      Answer<Empty> answer = new Answer<>();
      stub.deleteUser(request, answer);
      return answer.get();
    }
  }

  /** Completes when the call has ended, not when its message has come. */
  final class Answer<T> implements StreamObserver<T> {
    private final CompletableFuture<T> message = new CompletableFuture<>();
    private final CompletableFuture<T> ended = new CompletableFuture<>();

    @Override
    public void onNext(T value) {
      message.complete(value);
    }

    @Override
    public void onError(Throwable t) {
      ended.completeExceptionally(t);
    }

    @Override
    public void onCompleted() {
      ended.complete(message.getNow(null));
    }

    T get() throws Exception {
      try {
        return ended.get(1, TimeUnit.MINUTES);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
    }
  }
}
