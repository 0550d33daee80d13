package io.anywire.messaging.task;

import com.google.protobuf.UnsafeByteOperations;
import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.anywire.broker.Message;
import io.anywire.broker.Publication;
import io.anywire.contract.MethodContract;
import io.anywire.contract.ServiceContract;
import io.anywire.contract.TaskPolicy;
import io.anywire.messaging.envelope.Contracts;
import io.anywire.messaging.envelope.Envelope;
import io.anywire.messaging.envelope.Lacking;
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
  private final String url;
  private final TaskResults results;

  TaskPublisher(String source, String url, TaskResults results) {
    this.source = source;
    this.url = url;
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
    Duration delay = task.delay();
    requireAll(broker, method, task, delay);
    Optional<Duration> expiry = task.expiry().or(policy::expiry);
    Message.Builder message =
        Envelope.begin(Places.type(method.getFullMethodName()), source)
            .payload(UnsafeByteOperations.unsafeWrap(encoded));
    expiry.ifPresent(
        e -> message.attribute(Message.EXPIRY, Instant.now().plus(delay).plus(e).toString()));
    addOptions(message, task);
    if (task.ignoresResult()) {
      message.header(Envelope.IGNORE_RESULT, "true");
    } else {
      results.address().ifPresent(inbox -> message.header(Envelope.REPLY_TO, inbox));
    }
    Envelope.addMetadata(message, headers);
    Explanation.say(
        options,
        "policy",
        () ->
            "%d attempts, first retry after %s, expiry %s"
                .formatted(
                    task.attempts().orElse(policy.attempts()),
                    task.firstRetry().orElse(policy.firstRetry()),
                    expiry.map(Duration::toString).orElse("never")));
    String service = Objects.requireNonNull(method.getServiceName());
    return new Publication(Places.tasks(service), message.build(), delay);
  }

  private void requireAll(
      Broker broker, MethodDescriptor<?, ?> method, TaskOptions task, Duration delay) {
    String name = method.getFullMethodName();
    if (!delay.isZero()) {
      Lacking.require(broker, Capability.DELAYED, name + ": it is to be delayed", url);
    }
    if (task.priority().isPresent()) {
      Lacking.require(broker, Capability.PRIORITISED, name + ": it has a priority", url);
    }
    if (task.cancellable()) {
      Lacking.require(broker, Capability.RESULTS, name + ": it is to be cancellable", url);
    }
  }

  private static void addOptions(Message.Builder message, TaskOptions task) {
    if (task.cancellable()) {
      message.attribute("id", Cancelling.newId());
    }
    task.attempts().ifPresent(n -> message.header(Envelope.ATTEMPTS, String.valueOf(n)));
    task.firstRetry().ifPresent(d -> message.header(Envelope.FIRST_RETRY, d.toString()));
    task.longestRetry().ifPresent(d -> message.header(Envelope.LONGEST_RETRY, d.toString()));
    task.priority().ifPresent(n -> message.attribute(Message.PRIORITY, String.valueOf(n)));
  }

  private static RuntimeException unimplemented(MethodDescriptor<?, ?> method, String reason) {
    return Status.UNIMPLEMENTED
        .withDescription(method.getFullMethodName() + " cannot be a task: " + reason)
        .asRuntimeException();
  }
}
