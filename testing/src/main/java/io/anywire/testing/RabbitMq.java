package io.anywire.testing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A RabbitMQ server of a test's own: the installed one, with its own data, ports and node name, so
 * that any number run side by side. Takes five to ten seconds to start; tests that do no harm to
 * the server use {@link #shared()}. Thread-safe, except that one thread at a time kills or restarts
 * it.
 */
public final class RabbitMq implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RabbitMq.class);
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  private static final int HOSTS_AT_A_TIME = 10;

  /** Guarded by itself, and so is what follows. */
  private final Queue<String> freshHosts = new ArrayDeque<>();

  private String lastHosts = "";
  private final RabbitMqNode node;
  private final LocalProcess portMapper;
  private volatile LocalProcess server;

  private RabbitMq(RabbitMqNode node) {
    this.node = node;
    this.portMapper = node.startPortMapper();
    this.server = node.startServer();
  }

  /**
   * Starts a server and waits until it takes connections.
   *
   * @throws IllegalStateException if RabbitMQ is not installed, with the command that installs it
   * @throws AssertionError if it does not come up, with its output
   */
  public static RabbitMq start() {
    return start("");
  }

  /**
   * The same with settings of its own.
   *
   * @param settings lines for its configuration file: {@code consumer_timeout = 5000}
   */
  public static RabbitMq start(String settings) {
    var rabbit = new RabbitMq(RabbitMqNode.create(settings));
    try {
      rabbit.awaitReady();
      return rabbit;
    } catch (Throwable e) {
      rabbit.close();
      throw e;
    }
  }

  /**
   * The one server that all tests of this JVM share, started by the first call and stopped when the
   * JVM exits. Its users name their exchanges and queues so that they do not meet, and do not kill,
   * freeze or close it.
   */
  public static RabbitMq shared() {
    return Shared.SERVER;
  }

  /** Where clients connect: {@code rabbitmq://guest:guest@127.0.0.1:PORT}. */
  public String url() {
    return "rabbitmq://guest:guest@127.0.0.1:" + port();
  }

  /**
   * The URL of a virtual host that is empty and that nobody else is given. They are made several at
   * a time, since the program that makes them takes two seconds; those of the time before are then
   * deleted, with all that is in them.
   */
  public String emptyHostUrl() {
    synchronized (freshHosts) {
      if (freshHosts.isEmpty()) {
        String prefix = UUID.randomUUID().toString();
        node.evaluate(
            """
            Name = fun(Prefix, I) -> list_to_binary(Prefix ++ "-" ++ integer_to_list(I)) end,
            All = lists:seq(1, %d),
            [rabbit_vhost:delete(Name("%s", I), <<"tests">>) || "%s" =/= "", I <- All],
            [begin
              rabbit_vhost:add(Name("%s", I), <<"tests">>),
              rabbit_auth_backend_internal:set_permissions(
                <<"guest">>, Name("%s", I), <<".*">>, <<".*">>, <<".*">>, <<"tests">>)
            end || I <- All],
            ok.
            """
                .formatted(HOSTS_AT_A_TIME, lastHosts, lastHosts, prefix, prefix));
        lastHosts = prefix;
        for (int i = 1; i <= HOSTS_AT_A_TIME; i++) {
          freshHosts.add(prefix + "-" + i);
        }
      }
      return url() + "/" + freshHosts.remove();
    }
  }

  /**
   * Lets the running server evaluate an expression of Erlang that gives {@code ok}; for settings
   * that its configuration file has no word for.
   */
  public void evaluate(String erlang) {
    node.evaluate(erlang);
  }

  /** The AMQP port on the loopback address; the same after a restart. */
  public int port() {
    return node.port();
  }

  /** Kills the server at once (SIGKILL), as a crash would; {@link #restart()} brings it back. */
  public void kill() {
    server.kill();
  }

  /**
   * Stops the server cleanly if it runs, starts it on the same data and ports, and waits for it.
   */
  public void restart() {
    if (server.isAlive()) {
      server.terminate(STOP_TIMEOUT);
    }
    server = node.startServer();
    awaitReady();
  }

  /** Stops the server from running (SIGSTOP): its connections stay open and nothing answers. */
  public void freeze() {
    server.freeze();
  }

  /** Lets a frozen server run on (SIGCONT). */
  public void thaw() {
    server.thaw();
  }

  /** Kills the server and deletes its data. */
  @Override
  public void close() {
    server.close();
    portMapper.close();
    node.deleteFiles();
  }

  private void awaitReady() {
    server.awaitLine("completed with", START_TIMEOUT);
    LOG.debug("RabbitMQ listens on {} as {}", url(), server);
  }

  private static final class Shared {
    private static final RabbitMq SERVER = RabbitMq.start();

    static {
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("stop-rabbitmq").unstarted(SERVER::close));
    }
  }
}
