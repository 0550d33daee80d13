package io.anywire.messaging.task;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.anywire.broker.Message;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Topic;
import io.anywire.call.Threads;
import io.anywire.messaging.deliver.Ending;
import io.anywire.messaging.deliver.Purpose;
import io.anywire.messaging.deliver.Worker;
import io.anywire.messaging.envelope.Envelope;
import io.anywire.messaging.envelope.Note;
import io.anywire.messaging.envelope.Places;
import io.anywire.wire.ServedMethod;
import io.anywire.wire.Services;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers of task queues. A task's result is stored before its message is settled, so that it is
 * there when the message is gone; then whoever left the task is told.
 */
public final class TaskWorkers {
  private TaskWorkers() {}

  /** Starts the worker of the queue of {@code service}. */
  public static Worker start(
      Broker broker, String service, Services services, Anywire anywire, int inFlight) {
    Map<String, ServedMethod<?, ?>> methods = new HashMap<>();
    for (ServerServiceDefinition definition : services.definitions()) {
      if (definition.getServiceDescriptor().getName().equals(service)) {
        for (ServerMethodDefinition<?, ?> method : definition.getMethods()) {
          String name = method.getMethodDescriptor().getFullMethodName();
          services.method(name).ifPresent(m -> methods.put(Places.type(name), m));
        }
      }
    }
    Purpose purpose = new Tasked(broker, anywire.applicationName().orElse("anywire"));
    return new Worker(
        broker,
        Places.tasks(service),
        Topic.WORKERS,
        methods,
        purpose,
        SubscribeOptions.inFlight(inFlight));
  }

  private record Tasked(Broker broker, String source) implements Purpose {
    private static final Logger log = LoggerFactory.getLogger(TaskWorkers.class);

    @Override
    public boolean events() {
      return false;
    }

    @Override
    public CompletionStage<Boolean> mayStart(Message message) {
      return broker.capabilities().has(Capability.RESULTS)
          ? Cancelling.mayStart(broker.results(), message.id())
          : CompletableFuture.completedFuture(true);
    }

    @Override
    public CompletionStage<Void> beforeSettling(Ending ending) {
      if (ending.message().type().isEmpty()
          || ending.message().headers().containsKey(Envelope.IGNORE_RESULT)) {
        return CompletableFuture.completedFuture(null); // Nobody can ask, or nobody will.
      }
      Message task = ending.message();
      TaskState state = TaskState.after(ending.outcome());
      Note note =
          new Note(
              task.id(),
              task.type(),
              state.name(),
              ending.attempt(),
              ending.status(),
              ending.response());
      Message stored = note.toMessage(source);
      CompletionStage<Void> kept =
          broker.capabilities().has(Capability.RESULTS)
              ? broker.results().put(note.id(), stored, ending.policy().keepResult())
              : CompletableFuture.completedFuture(null);
      String inbox = ending.message().headers().getOrDefault(Envelope.REPLY_TO, "");
      return state.finished() && !inbox.isEmpty()
          ? kept.thenRunAsync(() -> tell(inbox, stored), Threads.VIRTUAL)
          : kept;
    }

    private void tell(String inbox, Message stored) {
      try {
        broker.send(inbox, stored);
      } catch (StatusRuntimeException e) {
        log.atDebug().setCause(e).log("Nobody could be told of a task's end");
      }
    }
  }
}
