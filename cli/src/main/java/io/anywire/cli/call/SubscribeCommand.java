package io.anywire.cli.call;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.cli.CliException;
import io.anywire.cli.ExitCode;
import io.anywire.cli.StopHook;
import io.anywire.cli.Terminal;
import io.anywire.cli.contract.DynamicService;
import io.anywire.cli.contract.Lookup;
import io.anywire.contract.Contract;
import io.anywire.contract.ServiceContract;
import io.anywire.messaging.deliver.Received;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Subscribes to the events of a service and prints them. */
@Command(
    name = "subscribe",
    description = "Subscribes to the events of a service and prints one line of JSON for each.",
    footer = {
      "",
      "Example, with ./anywire demo running:",
      "  anywire subscribe shop.v1.UserEvents --at anywire://127.0.0.1:8080 --application watcher",
      "",
      "Commands with one application name share the events; each name gets its own copy, from the",
      "first time it subscribes. Without --count it goes on until Ctrl-C."
    })
public final class SubscribeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "SERVICE", description = "Such as shop.v1.UserEvents.")
  private String service = "";

  @Option(names = "--at", required = true, paramLabel = "URL", description = "The broker's URL.")
  private String at = "";

  @Option(
      names = "--application",
      required = true,
      paramLabel = "NAME",
      description = "The subscription's name.")
  private String application = "";

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "End after so many events. Default: never.")
  private int count = Integer.MAX_VALUE;

  @Mixin private ContractOptions contract = new ContractOptions();

  /** Prints on {@code terminal}. */
  public SubscribeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (count < 1) {
      throw CliException.usage("--count: " + count + " (expected: >= 1)");
    }
    try (Anywire anywire = Anywire.builder().application(application).build()) {
      anywire.channel(at);
      Brokers.connect(anywire, at);
      ServiceDescriptor events =
          contract.find(
              anywire,
              at,
              new Narrator(false, terminal.err()),
              source -> Lookup.service(source, service));
      requireEvents(events);
      Printer printer = new Printer();
      AnywireServer server =
          anywire.server().service(new DynamicService(events, printer::print)).listen(at).start();
      StopHook hook = StopHook.register(ExitCode.OK, server::close);
      try {
        terminal.err().println("subscribed to " + service + " as " + application + " at " + at);
        printer.done.await();
        return ExitCode.OK;
      } finally {
        hook.remove();
        server.close();
      }
    }
  }

  private static void requireEvents(ServiceDescriptor service) {
    if (!Contract.of(List.of(service)).services().stream().allMatch(ServiceContract::events)) {
      throw CliException.usage(
          service.getFullName()
              + " is no event contract (expected: a service with option (anywire.events))");
    }
  }

  /** Prints as many events as were asked for; what comes on top is left to be delivered again. */
  private final class Printer {
    private final Semaphore wanted = new Semaphore(count);
    private final CountDownLatch done = new CountDownLatch(1);

    void print(String method, DynamicMessage event) {
      if (!wanted.tryAcquire()) {
        throw Status.UNAVAILABLE.withDescription("enough events seen").asRuntimeException();
      }
      String id = Received.current().map(Received::id).orElse("");
      terminal
          .out()
          .println(
              "{\"method\":\"%s\",\"id\":\"%s\",\"data\":%s}"
                  .formatted(method, id, Answers.json(event)));
      if (wanted.availablePermits() == 0) {
        done.countDown();
      }
    }
  }
}
