package io.anywire.messaging.task;

import com.google.protobuf.UnsafeByteOperations;
import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import io.anywire.broker.Publication;
import io.anywire.contract.MethodContract;
import io.anywire.contract.ServiceContract;
import io.anywire.contract.TaskPolicy;
import io.anywire.messaging.envelope.Contracts;
import io.anywire.messaging.envelope.Envelope;
import io.anywire.messaging.envelope.Places;
import io.anywire.messaging.publish.Publisher;
import io.anywire.wire.Explanation;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Calls that leave a task. */
final class TaskPublisher implements Publisher {
  /** The options that a task is left with. */
  static final CallOptions.Key<TaskOptions> OPTIONS =
      CallOptions.Key.createWithDefault("anywire-task-options", TaskOptions.DEFAULT);

  private final Contracts contracts = new Contracts();
  private final String source;
  private final TaskResults results;

  TaskPublisher(String source, TaskResults results) {
    this.source = source;
    this.results = results;
  }

  @Override
  public void check(MethodDescriptor<?, ?> method) {
    if (method.getType() != MethodType.UNARY) {
      throw unimplemented(method, "it streams (expected: a unary method)");
    }
    if (contracts.service(method).map(ServiceContract::events).orElse(false)) {
      throw unimplemented(method, "it is an event (expected: Events.at(…).channel())");
    }
  }

  @Override
  public boolean answers() {
    return false;
  }

  @Override
  public <ReqT> Publication publication(
      Broker broker,
      MethodDescriptor<ReqT, ?> method,
      CallOptions options,
      Metadata headers,
      ReqT request,
      byte[] encoded) {
    TaskOptions task = options.getOption(OPTIONS);
    TaskPolicy policy =
        contracts.method(method).map(MethodContract::tasks).orElse(TaskPolicy.DEFAULT);
    Optional<Duration> expiry = task.expiry().or(policy::expiry);
    Message.Builder message =
        Envelope.begin(Places.type(method.getFullMethodName()), source)
            .payload(UnsafeByteOperations.unsafeWrap(encoded));
    expiry.ifPresent(e -> message.attribute(Message.EXPIRY, Instant.now().plus(e).toString()));
    task.attempts().ifPresent(n -> message.header(Envelope.ATTEMPTS, String.valueOf(n)));
    results.address().ifPresent(inbox -> message.header(Envelope.REPLY_TO, inbox));
    Envelope.addMetadata(message, headers);
    Explanation.say(
        options,
        "policy",
        "%d attempts, first retry after %s, expiry %s"
            .formatted(
                task.attempts().orElse(policy.attempts()),
                policy.firstRetry(),
                expiry.map(Duration::toString).orElse("never")));
    String service = Objects.requireNonNull(method.getServiceName());
    return new Publication(Places.tasks(service), message.build());
  }

  private static RuntimeException unimplemented(MethodDescriptor<?, ?> method, String reason) {
    return Status.UNIMPLEMENTED
        .withDescription(method.getFullMethodName() + " cannot be a task: " + reason)
        .asRuntimeException();
  }
}
