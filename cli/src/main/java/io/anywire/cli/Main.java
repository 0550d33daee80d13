package io.anywire.cli;

import io.anywire.broker.Topic;
import io.anywire.cli.broker.BrokerCommand;
import io.anywire.cli.call.CallCommand;
import io.anywire.cli.call.EnqueueCommand;
import io.anywire.cli.call.PublishCommand;
import io.anywire.cli.call.SubscribeCommand;
import io.anywire.cli.demo.DemoCommand;
import io.anywire.cli.operate.BacklogCommand;
import io.anywire.cli.operate.DeadLettersCommand;
import io.anywire.cli.operate.Kinds;
import io.anywire.cli.operate.MoveCommand;
import io.anywire.cli.operate.PeekCommand;
import io.anywire.cli.operate.PurgeCommand;
import io.anywire.cli.operate.ReplayCommand;
import io.anywire.cli.operate.SeekCommand;
import io.anywire.cli.operate.StoreCommand;
import io.anywire.cli.operate.SubscriptionsCommand;
import io.anywire.cli.operate.TailCommand;
import io.anywire.cli.operate.TopicsCommand;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The {@code anywire} command. */
@Command(
    name = "anywire",
    description = "Reaches services over any wire: REST, gRPC, queues, tasks and events.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    version = "anywire 0.1.0-SNAPSHOT",
    usageHelpWidth = 100,
    usageHelpAutoWidth = false,
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it worked",
      "1:the call was answered with an error, or a check did not hold",
      "2:wrong use: an option, a URL, a method that does not exist, bad JSON",
      "3:a service or broker cannot be reached, or an address cannot be bound",
      "4:something unexpected; --stacktrace shows where"
    })
public final class Main implements Runnable {
  private final CommandLine commands;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "When something fails, show the stack trace too.")
  private boolean stacktrace;

  private Main(Terminal terminal) {
    commands =
        new CommandLine(this)
            .addSubcommand("demo", new DemoCommand(terminal))
            .addSubcommand("broker", new BrokerCommand(terminal))
            .addSubcommand("call", new CallCommand(terminal))
            .addSubcommand("enqueue", new EnqueueCommand(terminal))
            .addSubcommand("publish", new PublishCommand(terminal))
            .addSubcommand("subscribe", new SubscribeCommand(terminal))
            .addSubcommand("topics", new TopicsCommand(terminal))
            .addSubcommand("subscriptions", new SubscriptionsCommand(terminal))
            .addSubcommand("backlog", new BacklogCommand(terminal))
            .addSubcommand("peek", new PeekCommand(terminal))
            .addSubcommand("tail", new TailCommand(terminal))
            .addSubcommand("dead-letters", new DeadLettersCommand(terminal))
            .addSubcommand("replay", new ReplayCommand(terminal))
            .addSubcommand("purge", new PurgeCommand(terminal))
            .addSubcommand("seek", new SeekCommand(terminal))
            .addSubcommand("move", new MoveCommand(terminal))
            .addSubcommand("store", StoreCommand.on(terminal));
    commands
        .registerConverter(Duration.class, new Durations())
        .registerConverter(Topic.Kind.class, new Kinds())
        .setOut(new PrintWriter(terminal.out(), true))
        .setErr(new PrintWriter(terminal.err(), true))
        .setExpandAtFiles(false)
        .setParameterExceptionHandler((e, args) -> wrongUse(e, terminal))
        .setExecutionExceptionHandler((e, command, parsed) -> failed(e, terminal));
    commands
        .getCommandSpec()
        .usageMessage()
        .footer(
            "",
            "Begin here:",
            "  anywire demo                      the sample shop, with traffic over every wire",
            "  anywire call --help               how to call a method",
            "",
            "While the demo runs, in another terminal:",
            "  anywire call shop.v1.Greeter/SayHello --to http://127.0.0.1:8081 --data"
                + " '{\"name\": \"Ada\"}'");
  }

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(Terminal.ofProcess(), args));
  }

  /** Runs one command; the {@link ExitCode} is the result. */
  public static int run(Terminal terminal, String... args) {
    return new Main(terminal).commands.execute(args);
  }

  @Override
  public void run() {
    commands.usage(commands.getOut());
  }

  private static int wrongUse(ParameterException e, Terminal terminal) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    terminal.err().println("anywire: " + firstLine(e) + " (see " + command + " --help)");
    return ExitCode.USAGE;
  }

  private int failed(Exception e, Terminal terminal) {
    Problem problem = Problem.of(e);
    terminal.err().println("anywire: " + problem.line());
    if (stacktrace) {
      e.printStackTrace(terminal.err());
    }
    return problem.exitCode();
  }

  private static String firstLine(ParameterException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong use");
  }
}
