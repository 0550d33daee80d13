package io.anywire.cli.call;

import com.google.protobuf.DynamicMessage;
import io.anywire.Anywire;
import io.anywire.cli.ExitCode;
import io.anywire.cli.Terminal;
import io.anywire.cli.contract.DynamicMethods;
import io.anywire.cli.contract.Lookup;
import io.anywire.messaging.task.TaskHandle;
import io.anywire.messaging.task.TaskOptions;
import io.anywire.messaging.task.Tasks;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Leaves a task with a broker. */
@Command(
    name = "enqueue",
    description = "Leaves a task with a broker and prints its id, or, with --wait, its result.",
    footer = {
      "",
      "Examples, with ./anywire demo running:",
      "  anywire enqueue shop.v1.UserService/CreateUser --at anywire://127.0.0.1:8080 \\",
      "      -d '{\"user\": {\"id\": \"ada\", \"name\": \"Ada\", \"email\": \"ada@example.org\"}}'",
      "  anywire enqueue shop.v1.UserService/DeleteUser --at anywire://127.0.0.1:8080 \\",
      "      -d '{\"id\": \"ada\"}' --wait 10s",
      "",
      "The broker keeps the task until a worker has handled it; none needs to run yet."
    })
public final class EnqueueCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "SERVICE/METHOD",
      description = "Such as shop.v1.UserService/CreateUser.")
  private String method = "";

  @Option(names = "--at", required = true, paramLabel = "URL", description = "The broker's URL.")
  private String at = "";

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      description = "Wait so long for the result and print it instead of the id.")
  private Optional<Duration> wait = Optional.empty();

  @Mixin private RequestOptions request = new RequestOptions();
  @Mixin private ContractOptions contract = new ContractOptions();

  /** Prints on {@code terminal}. */
  public EnqueueCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try (Anywire anywire = Anywire.builder().application("anywire-cli").build()) {
      anywire.channel(at);
      Brokers.connect(anywire, at);
      Narrator narrator = request.narrator(terminal);
      var described = contract.find(anywire, at, narrator, source -> Lookup.method(source, method));
      DynamicMessage message = request.request(described.getInputType(), terminal);
      TaskOptions options =
          TaskOptions.builder()
              .metadata(request.metadata())
              .callOptions(request.callOptions(narrator))
              .build();
      try (Tasks tasks = Tasks.at(anywire, at)) {
        return print(tasks.enqueue(DynamicMethods.of(described), message, options), narrator);
      } catch (StatusRuntimeException e) {
        return Answers.error(e, at, terminal);
      }
    }
  }

  private int print(TaskHandle<DynamicMessage> task, Narrator narrator) {
    if (wait.isEmpty()) {
      terminal.out().println(task.id());
      return ExitCode.OK;
    }
    narrator.say("task", task.id());
    DynamicMessage result = task.await(wait.get());
    narrator.say("attempts", String.valueOf(task.attempts()));
    Answers.print(result, terminal);
    return ExitCode.OK;
  }
}
