package io.anywire.cli.demo;

import io.anywire.messaging.task.Tasks;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One way to one service: a wire. Whatever the wire, a request goes in and the response comes out,
 * or a {@link io.grpc.StatusRuntimeException}.
 */
interface Way {
  /** How long a response may take. */
  Duration LIMIT = Duration.ofSeconds(15);

  /** The service, for the table. */
  String service();

  /** The wire, for the table. */
  String wire();

  /** Sends a request and waits for the response. */
  <Q, R> R call(MethodDescriptor<Q, R> method, Q request);

  /** Whether methods that only read make sense here: nobody leaves a task to read something. */
  default boolean reads() {
    return true;
  }

  /** A call on a channel. */
  record Call(String service, String wire, Channel channel) implements Way {
    @Override
    public <Q, R> R call(MethodDescriptor<Q, R> method, Q request) {
      CallOptions options =
          CallOptions.DEFAULT.withDeadlineAfter(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      return ClientCalls.blockingUnaryCall(channel, method, options, request);
    }
  }

  /** A task whose result is waited for. */
  record Task(String service, Tasks tasks) implements Way {
    @Override
    public String wire() {
      return "task";
    }

    @Override
    public boolean reads() {
      return false;
    }

    @Override
    public <Q, R> R call(MethodDescriptor<Q, R> method, Q request) {
      return tasks.enqueue(method, request).await(LIMIT);
    }
  }
}
