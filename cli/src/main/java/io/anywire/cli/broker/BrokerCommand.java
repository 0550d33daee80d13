package io.anywire.cli.broker;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.WireUrl;
import io.anywire.broker.remote.BrokerHandler;
import io.anywire.broker.remote.ClientLimits;
import io.anywire.cli.CliException;
import io.anywire.cli.ExitCode;
import io.anywire.cli.StopHook;
import io.anywire.cli.Terminal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves a broker to other processes until it is stopped. */
@Command(
    name = "broker",
    description = "Serves a broker that other processes reach by anywire://HOST:PORT.",
    footer = {
      "",
      "Examples:",
      "  anywire broker",
      "  anywire broker --listen http://127.0.0.1:9000",
      "",
      "A line on standard output says when it is ready, and where. Ctrl-C or SIGTERM stops it; what",
      "a memory store holds is then gone."
    })
public final class BrokerCommand implements Callable<Integer> {
  private static final Set<String> LISTENABLE = Set.of("http", "grpc");

  /** Clients hold streams open for as long as they live, so there is nothing to wait for. */
  private static final Duration DRAIN_LIMIT = Duration.ofMillis(300);

  private final Terminal terminal;

  @Option(
      names = "--listen",
      paramLabel = "URL",
      description = "Where to listen; port 0 takes a free one. Default: http://127.0.0.1:8080")
  private String listen = "http://127.0.0.1:8080";

  @Option(
      names = "--store",
      paramLabel = "URL",
      description = "The broker that is served. Default: memory:")
  private String store = "memory:";

  /** Prints on {@code terminal}. */
  public BrokerCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    WireUrl at = WireUrl.parse(listen);
    if (!LISTENABLE.contains(at.scheme())) {
      throw CliException.usage("--listen " + listen + " (expected: an http: URL)");
    }
    ClientLimits limits = ClientLimits.of(at);
    try (Anywire anywire = Anywire.builder().build()) {
      AnywireServer server =
          anywire
              .server()
              .service(new BrokerHandler(anywire.broker(store), limits))
              .drainLimit(DRAIN_LIMIT)
              .listen(ClientLimits.without(at).toString())
              .start();
      StopHook hook = StopHook.register(ExitCode.OK, anywire::close);
      try {
        WireUrl url = server.urls().getFirst().withScheme("anywire");
        terminal.out().println("broker ready at " + url + ", store " + store);
        server.await();
        return ExitCode.OK;
      } finally {
        hook.remove();
      }
    }
  }
}
